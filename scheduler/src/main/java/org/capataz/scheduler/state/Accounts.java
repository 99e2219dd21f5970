package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.capataz.model.Share;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.share.Usage;
import org.jspecify.annotations.Nullable;

/// What users have used for which projects: charged for what their jobs hold, from when it is given
/// until it is handed back.
public final class Accounts {

  /// How a job counts.
  enum Standing {
    QUEUED,
    STARTED,
    OTHER
  }

  private final SortedMap<Share.Of, Account> accounts = new TreeMap<>();

  /// The same, for those who ask for one of them, and often.
  private final Map<Share.Of, Account> byPlace = new HashMap<>();

  /// Those of all who have had a job in the queue since the head node started, or ever held
  /// something.
  public Collection<Account> all() {
    return Collections.unmodifiableCollection(accounts.values());
  }

  /// The account of a job's owner and project; null if no job of theirs has been in the queue.
  public @Nullable Account of(Job job) {
    return byPlace.get(key(job));
  }

  private static Share.Of key(Job job) {
    return new Share.Of(job.labels().project(), job.owner());
  }

  private Account account(Share.Of of) {
    return byPlace.computeIfAbsent(
        of,
        its -> {
          var made = new Account(its);
          accounts.put(its, made);
          return made;
        });
  }

  static Standing standing(Job job) {
    return switch (job.life()) {
      case JobLife.Queued q -> Standing.QUEUED;
      case JobLife.Running r -> Standing.STARTED;
      case JobLife.Stopping stopping ->
          stopping.startTime() == 0 ? Standing.OTHER : Standing.STARTED;
      case JobLife.Configuring c -> Standing.OTHER;
      case JobLife.Ended e -> Standing.OTHER;
    };
  }

  /// What a job has in its account.
  private record Part(Share.Of of, Standing standing, int cores) {
    static Part of(Job job) {
      return new Part(key(job), Accounts.standing(job), job.grantedCores());
    }
  }

  /// Has something happen to a job, and charges it for what it holds from then on.
  ///
  /// @param halfLife of usage
  void charge(@Nullable Job job, Event.OfJob event, long halfLife, Runnable change) {
    var time = time(event);
    if (job == null || time == 0) {
      change.run();
      return;
    }
    var before = Part.of(job);
    change.run();
    var after = Part.of(job);
    if (before.equals(after)) {
      return;
    }
    count(before, -1);
    count(after, 1);
    if (!before.of.equals(after.of)) {
      hold(before.of, -before.cores, time, halfLife);
      hold(after.of, after.cores, time, halfLife);
    } else {
      hold(after.of, after.cores - before.cores, time, halfLife);
    }
  }

  private void count(Part part, int sign) {
    if (part.standing != Standing.OTHER) {
      account(part.of).count(part.standing, sign);
    }
  }

  private void hold(Share.Of of, int more, long time, long halfLife) {
    if (more != 0) {
      var account = account(of);
      account.use(account.usage().holding(more, time, halfLife));
    }
  }

  /// When something happened that may change what a job has in its account; 0 for anything else, of
  /// which there is much more.
  private static long time(Event.OfJob event) {
    return switch (event) {
      case Event.GrantOpened e -> e.time();
      case Event.GrantResized e -> e.time();
      case Event.GrantClosed e -> e.time();
      case Event.JobSubmitted e -> e.time();
      case Event.JobStarted e -> e.time();
      case Event.JobStopping e -> e.time();
      case Event.JobEnded e -> e.time();
      case Event.JobRequeued e -> e.time();
      case Event.JobModified e -> e.time();
      case Event.JobConfigured e -> e.time();
      case Event.OfJob other -> 0;
    };
  }

  /// Has what was used fade otherwise from a time on.
  ///
  /// @param halfLife what held until then
  void fadeOtherwise(long time, long halfLife) {
    for (var account : accounts.values()) {
      if (account.usage().since() != 0) {
        account.use(account.usage().fadingOtherwise(time, halfLife));
      }
    }
  }

  /// Has all that is held go on as if the clock had not been set.
  void setClock(long by) {
    accounts.values().forEach(account -> account.use(account.usage().whenClockIsSet(by)));
  }

  /// Puts back what was stored, before jobs are.
  void restore(List<Stored.StoredUsage> stored) {
    for (var each : stored) {
      account(each.of()).use(new Usage(each.coreSeconds(), each.since(), 0));
    }
  }

  /// Counts a job that was put back, with all that it holds.
  void restore(Job job) {
    var part = Part.of(job);
    count(part, 1);
    if (part.cores > 0) {
      var account = account(part.of);
      var usage = account.usage();
      account.use(new Usage(usage.coreSeconds(), usage.since(), usage.cores() + part.cores));
    }
  }
}
