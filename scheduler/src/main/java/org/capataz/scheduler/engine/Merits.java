package org.capataz.scheduler.engine;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.capataz.model.Priority;
import org.capataz.model.PriorityWeights;
import org.capataz.model.Share;
import org.capataz.model.Shares;
import org.capataz.model.Unit;
import org.capataz.scheduler.policy.Candidate;
import org.capataz.scheduler.policy.Merit;
import org.capataz.scheduler.policy.Snapshot;
import org.capataz.scheduler.share.ShareTree;
import org.capataz.scheduler.state.Account;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.jspecify.annotations.Nullable;

/// The merits of jobs under the order `multifactor`, at one moment. What depends on who submitted
/// them is worked out once.
final class Merits {

  /// What the jobs of an account have in common.
  private record Common(double fairShare, double project) {}

  private final ClusterState state;
  private final Shares shares;
  private final PriorityWeights weights;
  private final long now;
  private final ShareTree tree;
  private final Map<Account, Common> commons = new HashMap<>();
  private final Map<Unit, Integer> totals = new EnumMap<>(Unit.class);

  /// @param now microseconds since 1970
  Merits(ClusterState state, long now) {
    this.state = state;
    this.now = now;
    shares = state.settings().shares();
    weights = state.settings().priorityWeights();
    tree = FairShares.of(state, now);
    for (var account : state.accounts().all()) {
      commons.put(account, common(account.of()));
    }
  }

  private Common common(Share.Of of) {
    return new Common(
        tree.factor(shares.place(of.project(), of.user())),
        (double) shares.get(Share.Of.projectNamed(of.project())).boost() / Share.MOST_BOOST);
  }

  Merit of(Job job) {
    return merit(
        commonOf(state.accounts().of(job), job),
        job.unit(),
        job.units().min(),
        job.life().submitTime());
  }

  private Common commonOf(@Nullable Account account, Job job) {
    var common = account == null ? null : commons.get(account);
    return common == null ? common(new Share.Of(job.labels().project(), job.owner())) : common;
  }

  /// The merit of a job that is not there yet, if it were submitted now.
  Merit of(String project, String owner, Unit unit, int min) {
    return merit(common(new Share.Of(project, owner)), unit, min, now);
  }

  private Merit merit(Common common, Unit unit, int min, long submitted) {
    var waited = Math.max(0, now - submitted) / 1e6;
    return new Merit(
        Math.min(1, waited / weights.maxAgeSeconds()),
        common.fairShare,
        Math.min(1, (double) min / Math.max(1, total(unit))),
        common.project);
  }

  /// How many of a unit there are, be they free or not.
  private int total(Unit unit) {
    return totals.computeIfAbsent(
        unit,
        counted -> {
          var total = 0;
          for (var node : state.nodes()) {
            total += node.topology().count(counted);
          }
          return total;
        });
  }

  double score(Merit merit) {
    return merit.score(weights);
  }

  /// @param claim asked for when the job's turn is near
  Candidate candidate(Job job, Supplier<Snapshot.Claim> claim) {
    return new Contender(
        job.priority(),
        job.life().submitTime(),
        job.life().countsFrom() != 0,
        score(of(job)),
        claim);
  }

  /// A job by its merit.
  record Contender(
      Priority priority,
      long submitted,
      boolean hasStarted,
      double score,
      Supplier<Snapshot.Claim> asks)
      implements Candidate {

    @Override
    public Snapshot.Claim claim() {
      return asks.get();
    }
  }
}
