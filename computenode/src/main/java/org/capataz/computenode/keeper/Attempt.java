package org.capataz.computenode.keeper;

import java.util.List;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.jspecify.annotations.Nullable;

/// The life of an attempt on its node: *waiting* until the spawner takes it, *launching* while it
/// may or may not have a process, *alive* from the start of its process to its end, and then *over*
/// until that is acknowledged. One whose command runs on another node is *held* instead.
sealed interface Attempt {

  /// The records of the spool that rebuild this. None while it waits: a start that no process can
  /// have come of is simply sent again.
  List<Message> records();

  Report.OfAttempt report();

  record Waiting(Request.Start start) implements Attempt {
    @Override
    public List<Message> records() {
      return List.of();
    }

    @Override
    public Report.OfAttempt report() {
      return new Report.Accepted(start.attempt());
    }
  }

  /// Its process may or may not exist.
  ///
  /// @param stop what to do with the process as soon as there is one
  record Launching(AttemptId attempt, Execution.Limits limits, Request.@Nullable Stop stop)
      implements Attempt {

    Launching stopped(Request.Stop later) {
      return new Launching(
          attempt,
          limits,
          stop == null
              ? later
              : new Request.Stop(
                  attempt,
                  stop.reason(),
                  stop.message(),
                  Math.min(stop.graceMillis(), later.graceMillis())));
    }

    @Override
    public List<Message> records() {
      return List.of(new Begun(attempt, limits));
    }

    @Override
    public Report.OfAttempt report() {
      return new Report.Accepted(attempt);
    }
  }

  /// Its process runs.
  ///
  /// @param limitAt when its run-time limit ends it
  /// @param probeAt when to look whether an orphan still runs
  record Alive(
      Report.Running running,
      Execution.Limits limits,
      long limitAt,
      long probeAt,
      @Nullable Ending ending)
      implements Attempt {

    static Alive of(Report.Running running, Execution.Limits limits, Moment now) {
      return new Alive(
          running,
          limits,
          limitAt(running, limits, now),
          running.orphan() ? now.millis() : Alarms.NEVER,
          null);
    }

    static long limitAt(Report.Running running, Execution.Limits limits, Moment now) {
      var ranMillis = Math.max(0, (now.micros() - running.startMicros()) / 1_000);
      return limits.runMillis() == 0
          ? Alarms.NEVER
          : now.millis() + Math.max(0, limits.runMillis() - ranMillis);
    }

    Alive ending(Ending newEnding) {
      return new Alive(running, limits, limitAt, probeAt, newEnding);
    }

    Alive probedUntil(long again) {
      return new Alive(running, limits, limitAt, again, ending);
    }

    /// When something is next to be done about it.
    long alarmAt() {
      return Math.min(probeAt, ending == null ? limitAt : ending.killAt);
    }

    Report.Ended ended(EndReason reason, Report.Outcome outcome) {
      return ending == null
          ? new Report.Ended(running.attempt(), reason, "", outcome)
          : new Report.Ended(running.attempt(), ending.reason, ending.message, outcome);
    }

    @Override
    public List<Message> records() {
      return List.of(new Begun(running.attempt(), limits), running);
    }

    @Override
    public Report.OfAttempt report() {
      return running;
    }
  }

  /// Its command runs on another node; here it has branches at most. It is over when, told to end,
  /// nothing of it runs any more.
  ///
  /// @param limitAt when its run-time limit ends it
  record Held(
      Request.Hold hold,
      Report.Running running,
      long limitAt,
      Branches branches,
      @Nullable Ending ending)
      implements Attempt {

    static final long PROBE_MILLIS = 100;

    static Held of(Request.Hold hold, Report.Running running, Branches branches, Moment now) {
      var limitAt = Alive.limitAt(running, hold.limits(), now);
      return new Held(hold, running, limitAt, branches, null);
    }

    Held ending(Ending newEnding) {
      return new Held(hold, running, limitAt, branches, newEnding);
    }

    /// When something is next to be done about it.
    long alarmAt(Moment now) {
      return ending == null ? Math.min(limitAt, branches.alarmAt()) : now.millis() + PROBE_MILLIS;
    }

    Report.Ended ended(Ending why, Moment now) {
      var outcome =
          new Report.Outcome(
              new ExitStatus.Unknown(),
              running.startMicros(),
              Math.max(running.startMicros(), now.micros()),
              branches.used(),
              "");
      return new Report.Ended(hold.attempt(), why.reason, why.message, outcome);
    }

    @Override
    public List<Message> records() {
      return branches.haveBegun()
          ? List.of(hold, running, new BranchBegun(hold.attempt()))
          : List.of(hold, running);
    }

    @Override
    public Report.OfAttempt report() {
      return running;
    }
  }

  record Over(Report.Ended ended) implements Attempt {
    @Override
    public List<Message> records() {
      return List.of(ended);
    }

    @Override
    public Report.OfAttempt report() {
      return ended;
    }
  }

  /// Why a process was told to end, which its end will be put down to, and when it is made to.
  record Ending(EndReason reason, String message, long killAt) {}
}
