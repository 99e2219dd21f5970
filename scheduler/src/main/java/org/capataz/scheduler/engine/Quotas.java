package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.capataz.model.Quota;
import org.capataz.model.Refusal;
import org.capataz.model.Share;
import org.capataz.model.Shares;
import org.capataz.model.Unit;
import org.capataz.scheduler.policy.Snapshot;
import org.capataz.scheduler.state.Account;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;

/// What users and projects may have at most, and what they have at one moment and by what is given
/// to them in one pass. Costs nothing where nobody has a limit.
public final class Quotas {

  private static final double SECONDS_PER_HOUR = 3600;

  /// What somebody with limits has.
  private static final class Tally {
    private final Share.Of of;
    private final Quota quota;
    private int cores;
    private int jobs;
    private int queued;
    private double coreSeconds;

    Tally(Share.Of of, Quota quota) {
      this.of = of;
      this.quota = quota;
    }

    void add(Account account, double used) {
      cores += account.cores();
      jobs += account.running();
      queued += account.queued();
      coreSeconds += used;
    }

    double coreHours() {
      return coreSeconds / SECONDS_PER_HOUR;
    }

    /// What is reached, if a job more would start or a running one get more; empty if nothing is.
    Optional<String> reached(int more, int moreJobs) {
      if (quota.jobs().isPresent() && jobs + moreJobs > quota.jobs().getAsInt()) {
        return said(jobs + (jobs == 1 ? " job runs" : " jobs run"), quota.jobs().getAsInt());
      }
      if (quota.cores().isPresent() && cores + more > quota.cores().getAsInt()) {
        return said(
            "jobs hold " + Unit.CORE.count(cores) + ", and it takes " + more + " more",
            quota.cores().getAsInt());
      }
      if (isSpent()) {
        return said(
            String.format(Locale.ROOT, "%.1f core hours count as used", coreHours()),
            quota.coreHours().getAsInt());
      }
      return Optional.empty();
    }

    boolean isSpent() {
      return quota.coreHours().isPresent() && coreHours() >= quota.coreHours().getAsInt();
    }

    private Optional<String> said(String what, int most) {
      return Optional.of("of " + of + " " + what + ", of at most " + most);
    }
  }

  private final Shares shares;
  private final Map<Share.Of, Tally> tallies = new HashMap<>();
  private final Map<Share.Of, List<Tally>> bounds = new HashMap<>();
  private final boolean areNone;
  private boolean waitsForTime;

  /// @param now microseconds since 1970
  Quotas(ClusterState state, long now) {
    shares = state.settings().shares();
    areNone = shares.all().values().stream().allMatch(share -> share.quota().isNone());
    if (!areNone) {
      var halfLife = state.settings().usageHalfLife();
      for (var account : state.accounts().all()) {
        var used = account.usage().at(now, halfLife);
        bounds(account.of()).forEach(tally -> tally.add(account, used));
      }
    }
  }

  /// All that bounds the jobs of a user for a project.
  private List<Tally> bounds(Share.Of of) {
    return bounds.computeIfAbsent(of, this::boundsOf);
  }

  private List<Tally> boundsOf(Share.Of of) {
    var all = new ArrayList<Tally>();
    if (!of.project().isEmpty()) {
      add(all, of, shares.get(of).quota());
    }
    for (var project = of.project(); !project.isEmpty(); ) {
      var share = shares.get(Share.Of.projectNamed(project));
      add(all, share.of(), share.quota());
      project = share.parent();
    }
    var own = new Share.Of("", of.user());
    var quota = shares.get(own).quota();
    add(all, own, quota.isNone() ? shares.get(Share.EVERYBODY).quota() : quota);
    return all;
  }

  private void add(List<Tally> all, Share.Of of, Quota quota) {
    if (!quota.isNone()) {
      all.add(tallies.computeIfAbsent(of, its -> new Tally(its, quota)));
    }
  }

  private List<Tally> bounds(Job job) {
    return areNone ? List.of() : bounds(new Share.Of(job.labels().project(), job.owner()));
  }

  boolean areNone() {
    return areNone;
  }

  /// Whether a queued job may start with its minimum, as far as that is known in cores.
  boolean admit(Job queued) {
    var cores = queued.unit() == Unit.CORE ? queued.units().min() : 1;
    var allowed = true;
    for (var tally : bounds(queued)) {
      if (tally.reached(cores, 1).isPresent()) {
        waitsForTime |= tally.isSpent();
        allowed = false;
      }
    }
    return allowed;
  }

  /// Whether a job may get so many cores now.
  ///
  /// @param starts whether it starts with them
  boolean allow(Job job, int cores, boolean starts) {
    return bounds(job).stream()
        .allMatch(
            tally ->
                starts
                    ? tally.reached(cores, 1).isEmpty()
                    : tally.quota.cores().isEmpty()
                        || tally.cores + cores <= tally.quota.cores().getAsInt());
  }

  /// A job got so many cores.
  void took(Job job, int cores, boolean starts) {
    for (var tally : bounds(job)) {
      tally.cores += cores;
      tally.jobs += starts ? 1 : 0;
    }
  }

  /// What a job asks for, as far as it may have it: of what is counted in cores no more than is
  /// left, of anything else its minimum.
  Snapshot.Claim within(Job job, Snapshot.Claim claim) {
    var left = Integer.MAX_VALUE;
    for (var tally : bounds(job)) {
      if (tally.quota.cores().isPresent()) {
        left = Math.min(left, Math.max(0, tally.quota.cores().getAsInt() - tally.cores));
      }
    }
    if (left == Integer.MAX_VALUE) {
      return claim;
    }
    var units = claim.shape().units();
    var most = Math.max(units.min(), job.unit() == Unit.CORE ? claim.held() + left : units.min());
    return most < units.max() ? claim.atMost(most) : claim;
  }

  /// Whether some job may start once less counts as used, without anything happening.
  boolean waitForTime() {
    return waitsForTime;
  }

  /// Which limit keeps a queued job from starting: a sentence, which begins with whose it is.
  Optional<String> reachedBy(Job queued) {
    var cores = queued.unit() == Unit.CORE ? queued.units().min() : 1;
    return bounds(queued).stream().flatMap(tally -> tally.reached(cores, 1).stream()).findFirst();
  }

  /// Which limit keeps a queued job from starting; empty if none does.
  ///
  /// @param now microseconds since 1970
  public static Optional<String> reached(ClusterState state, Job queued, long now) {
    return new Quotas(state, now).reachedBy(queued);
  }

  /// Why a user may not put one more job of a project into the queue; empty if they may.
  Optional<Refusal> refusal(String project, String owner) {
    if (areNone) {
      return Optional.empty();
    }
    return bounds(new Share.Of(project, owner)).stream()
        .filter(
            tally ->
                tally.quota.queued().isPresent() && tally.queued >= tally.quota.queued().getAsInt())
        .findFirst()
        .map(
            tally ->
                Refusal.wrongState(
                    "expected at most "
                        + tally.quota.queued().getAsInt()
                        + " queued jobs of "
                        + tally.of
                        + ", but there are "
                        + tally.queued
                        + "; submit more when some of them have started, or ask an administrator"
                        + " for capataz share set --max-queued"));
  }
}
