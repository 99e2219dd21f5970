package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.capataz.model.PendingReason;
import org.capataz.model.QueueRules;
import org.capataz.scheduler.policy.Merit;
import org.capataz.scheduler.policy.Policy;
import org.capataz.scheduler.policy.QueuePolicy;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;

/// The queue as it would be worked through now: which job is at which place and why, and when it
/// starts as far as anybody knows.
///
/// @param byMerit whether the order is `multifactor`, so that merits decide
/// @param entries the first jobs of the queue in turn
public record QueueOutlook(boolean byMerit, List<Entry> entries) {

  /// A queued job.
  ///
  /// @param place from 1
  /// @param score the sum of its factors by their weights
  /// @param start in microseconds since 1970, by the run-time limits of jobs; empty where that is
  ///   not known
  /// @param reason why it waits, as far as that was noted
  public record Entry(
      int job, int place, Merit merit, double score, OptionalLong start, PendingReason reason) {}

  public QueueOutlook {
    entries = List.copyOf(entries);
  }

  /// The outlook, which takes about as long as some passes of the policy.
  ///
  /// @param now microseconds since 1970
  /// @param most jobs to tell of
  public static QueueOutlook of(ClusterState state, Policy policy, long now, int most) {
    var starts = new Forecast(state, now).starts(policy);
    var merits = new Merits(state, now);
    var entries = new ArrayList<Entry>();
    var turns = QueuePolicy.turns(new StateSnapshot(state, now));
    for (var place = 1; entries.size() < most && turns.hasNext(); ) {
      var job = state.job(turns.next().job());
      if (job != null && state.queued().contains(job)) {
        var start = starts.get(job.id());
        entries.add(
            entry(
                job, place, merits, start == null ? OptionalLong.empty() : OptionalLong.of(start)));
        place++;
      }
    }
    return new QueueOutlook(isByMerit(state), entries);
  }

  /// Whether merits decide on turns.
  public static boolean isByMerit(ClusterState state) {
    var rules = state.queueRules();
    return !rules.isFirstComeFirst() && rules.order() == QueueRules.Order.MULTIFACTOR;
  }

  /// One job alone, without its start; its place is 0 under an order that does not tell it without
  /// a look at what all jobs ask for.
  ///
  /// @param job that is queued, and waits for nothing but its turn and resources
  public static Entry of(ClusterState state, Job job, long now) {
    var merits = new Merits(state, now);
    var rules = state.queueRules();
    var place =
        rules.isFirstComeFirst()
            ? 1 + state.queued().headSet(job, false).size()
            : isByMerit(state) ? place(state, job, merits, now) : 0;
    return entry(job, place, merits, OptionalLong.empty());
  }

  private static int place(ClusterState state, Job job, Merits merits, long now) {
    var guard = state.queueRules().guardSeconds();
    var own = standing(job, merits, guard, now);
    var place = 1;
    var isBefore = true;
    for (var other : state.queued()) {
      if (other.equals(job)) {
        isBefore = false;
      } else if (other.priority().compareTo(job.priority()) > 0) {
        place++;
      } else if (other.priority().equals(job.priority())) {
        var theirs = standing(other, merits, guard, now);
        place += theirs > own || (theirs == own && isBefore) ? 1 : 0;
      } else {
        break;
      }
    }
    return place;
  }

  private static double standing(Job job, Merits merits, long guard, long now) {
    return (now - job.life().submitTime()) / 1_000_000 >= guard
        ? Double.POSITIVE_INFINITY
        : merits.score(merits.of(job));
  }

  private static Entry entry(Job job, int place, Merits merits, OptionalLong start) {
    var merit = merits.of(job);
    return new Entry(job.id(), place, merit, merits.score(merit), start, job.pending().reason());
  }
}
