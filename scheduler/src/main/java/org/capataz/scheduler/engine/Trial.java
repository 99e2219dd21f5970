package org.capataz.scheduler.engine;

import java.util.List;
import java.util.OptionalLong;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.Parts;
import org.capataz.model.PendingReason;
import org.capataz.model.Result;
import org.capataz.scheduler.policy.Policy;
import org.capataz.scheduler.state.ClusterState;

/// What would become of a job that is not submitted, if it were: found out without leaving a trace.
///
/// @param draft the job with the defaults of its template
/// @param reason what it would wait for; `NONE` if it would start at once
/// @param jobsAhead jobs that would come before it in the queue
/// @param places what it would start with, now or later; empty where that is not known
/// @param startTime when it would start at the latest, by the run-time limits of the jobs that run
///   or are ahead, unless jobs that come later get before it, in microseconds since 1970; empty
///   where one of these has none
public record Trial(
    JobDraft draft,
    JobSpec spec,
    PendingReason reason,
    int jobsAhead,
    List<Place> places,
    OptionalLong startTime) {

  /// What it would hold of a node.
  public record Place(String node, Parts parts) {}

  public Trial {
    places = List.copyOf(places);
  }

  /// Tries a job. Changes nothing, and takes about as long as some passes of the policy.
  ///
  /// @param now microseconds since 1970
  public static Result<Trial> of(
      ClusterState state, Policy policy, String owner, JobDraft draft, long now) {
    return new Admission(state, new Memory())
        .fit(0, owner, draft, now)
        .then(
            full ->
                Result.ok(
                    of(state, policy, owner, full, JobSpec.resolve(full).orElseThrow(), now)));
  }

  private static Trial of(
      ClusterState state, Policy policy, String owner, JobDraft draft, JobSpec spec, long now) {
    var rules = spec.rules();
    if (!rules.parents().isEmpty()) {
      var reason = Waiting.reason(state, rules.parents());
      if (reason != PendingReason.NONE) {
        return new Trial(draft, spec, reason, 0, List.of(), OptionalLong.empty());
      }
    }
    return rules.holdUntil() > now
        ? new Trial(draft, spec, PendingReason.HELD_BY_USER, 0, List.of(), OptionalLong.empty())
        : new Forecast(state, now).of(policy, owner, draft, spec);
  }
}
