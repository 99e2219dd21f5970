package org.capataz.scheduler.engine;

import java.util.Optional;
import org.capataz.model.JobDraft;
import org.capataz.model.JobLabels;
import org.capataz.model.JobSpec;
import org.capataz.model.JobTemplate;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;

/// Decides at the door which jobs may be queued.
final class Admission {

  private final ClusterState state;
  private final Memory memory;

  Admission(ClusterState state, Memory memory) {
    this.state = state;
    this.memory = memory;
  }

  /// The job as it can be queued: with what its template says of what it leaves open. Refused if it
  /// is wrong, is not as its template wants it, or is more than all nodes could ever give. Where no
  /// node has ever registered, nothing is known to be too much.
  ///
  /// @param id of the job, 0 for one that does not exist yet
  Result<JobDraft> fit(int id, String owner, JobDraft draft, long now) {
    return state
        .settings()
        .template(JobTemplate.nameOf(draft))
        .then(template -> fit(id, owner, draft, template, now));
  }

  private Result<JobDraft> fit(
      int id, String owner, JobDraft draft, JobTemplate template, long now) {
    if (!template.admits(owner)) {
      return Result.refused(
          new Refusal(
              Refusal.Code.NOT_ALLOWED,
              "expected a job template that "
                  + Text.shown(owner)
                  + " may use, but "
                  + Text.shown(template.name())
                  + " is for others; capataz template list shows them"));
    }
    return template
        .defaultsFor(draft)
        .on(draft)
        .then(
            full ->
                resolve(draft, full, template)
                    .then(
                        spec ->
                            template
                                .refusal(full, spec)
                                .or(() -> Waiting.refusal(state, id, spec.rules(), now))
                                .or(() -> shortage(spec))
                                .or(() -> crowded(id, owner, full, now))
                                .map(Result::<JobDraft>refused)
                                .orElseGet(() -> Result.ok(full))));
  }

  /// Why a job that is not in the queue may not come into it, as there are as many as there may be.
  private Optional<Refusal> crowded(int id, String owner, JobDraft draft, long now) {
    var job = id == 0 ? null : state.job(id);
    return job == null || job.life() instanceof JobLife.Configuring
        ? new Quotas(state, now).refusal(JobLabels.of(draft).project(), owner)
        : Optional.empty();
  }

  /// Why the cluster could never run a job; empty if it could.
  Optional<Refusal> shortage(JobSpec job) {
    return Shortage.of(state, job, memory.largest(state));
  }

  /// A refusal says where what it is about comes from, if that is the template.
  private Result<JobSpec> resolve(JobDraft draft, JobDraft full, JobTemplate template) {
    var spec = state.resolve(full);
    return spec instanceof Result.Refused<JobSpec> && JobSpec.resolve(draft) instanceof Result.Ok
        ? spec.in("with the defaults of job template '" + Text.shown(template.name()) + "'")
        : spec;
  }
}
