package org.capataz.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.capataz.cli.output.Output;
import org.capataz.cli.run.Attendance;
import org.capataz.cli.run.Interruption;
import org.capataz.cli.run.PrivateCluster;
import org.capataz.cli.run.ProgressDisplay;
import org.capataz.cli.run.Relay;
import org.capataz.cli.run.Report;
import org.capataz.cli.run.RunFolder;
import org.capataz.cli.terminal.Streams;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.Cluster;
import org.capataz.client.ConnectOptions;
import org.capataz.client.Job;
import org.capataz.client.JobFilter;
import org.capataz.client.JobStatus;
import org.capataz.client.Requeue;
import org.capataz.client.StandardStream;
import org.capataz.model.InstanceId;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.jspecify.annotations.Nullable;

/// One call of `capataz run`.
final class RunSession {

  /// How much is said on the way.
  enum Talk {
    FULL,
    QUIET
  }

  /// What is run.
  ///
  /// @param single whether it is a command, whose output and exit code become ours
  record Work(JobDraft draft, boolean single) {}

  private static final int BROKEN_PIPE = 13;
  private static final long LONGEST_OUTPUT_SECONDS = 10;

  private final World world;
  private final Streams streams;
  private final @Nullable Output result;
  private final Talk talk;
  private final Interruption interruption =
      new Interruption(code -> Runtime.getRuntime().halt(code));

  /// @param result how to write the job at the end, with what tasks print on standard error then;
  ///   null for what tasks print on standard output
  RunSession(World world, @Nullable Output result, Talk talk) {
    this.world = world;
    this.streams = world.streams();
    this.result = result;
    this.talk = talk;
    streams.terminal().onSignal(interruption::received);
  }

  /// Runs on a cluster that is there already. An interruption ends this call and not the job.
  int onCluster(HeadOption head, Work work) throws IOException, InterruptedException {
    try (var cluster = head.connect(world)) {
      var job = cluster.submit(work.draft());
      say("job " + job.id() + " submitted to " + head.named(world));
      var detached = new CompletableFuture<String>();
      interruption.reactWith(() -> detached.complete("detached"));
      try {
        return attend(
            job,
            work,
            detached,
            "see 'capataz task list "
                + job.id()
                + " --state failed', 'capataz job output' and 'capataz job requeue'");
      } catch (CapatazException failure) {
        if (!detached.isDone()) {
          throw failure;
        }
        streams.say(
            "job " + job.id() + " goes on; follow it with 'capataz job wait " + job.id() + "'");
        return interruption.exitCode();
      }
    }
  }

  /// Runs on a cluster of its own, which is gone afterwards.
  int onPrivateCluster(RunFolder folder, Work work) throws IOException, InterruptedException {
    say("starting a cluster of its own; data in " + folder.path());
    return withPrivateCluster(
        folder,
        (cluster, local) -> {
          cancelLeftovers(cluster);
          var job = cluster.submit(work.draft());
          return supervise(job, work, folder, local);
        });
  }

  /// Runs again what did not finish of the last job in a folder.
  int resume(RunFolder folder) throws IOException, InterruptedException {
    var last = folder.lastJobToResume();
    if (last.end().filter(JobState.FINISHED::equals).isPresent()) {
      streams.say("nothing to resume in " + folder.path() + ": job " + last.id() + " Finished");
      return ExitCode.DONE;
    }
    say("starting a cluster of its own; data in " + folder.path());
    return withPrivateCluster(
        folder,
        (cluster, local) -> {
          var job = cluster.job(last.id());
          var status = job.status();
          if (status.state() == JobState.FINISHED) {
            streams.say("nothing to resume: job " + job.id() + " Finished");
            return ExitCode.DONE;
          }
          if (status.state().isEnd()) {
            job.requeue(Requeue.UNFINISHED);
          }
          say("going on with job " + job.id());
          var draft = job.draft();
          return supervise(job, new Work(draft, false), folder, local);
        });
  }

  private interface Use {
    int on(Cluster cluster, PrivateCluster local) throws IOException, InterruptedException;
  }

  private int withPrivateCluster(RunFolder folder, Use use)
      throws IOException, InterruptedException {
    var launcher =
        world
            .variable(World.LAUNCHER)
            .orElseThrow(
                () ->
                    new CapatazException(
                        Code.FAILED,
                        "expected to be started by the script bin/capataz, but was not; "
                            + World.LAUNCHER
                            + " can name it"));
    try (var local = new PrivateCluster(launcher, folder.path())) {
      interruption.reactWith(local::close);
      var options = ConnectOptions.of(local.start()).withTokenFile(local.clientToken());
      try (var cluster = world.connector().connect(options)) {
        return use.on(cluster, local);
      }
    } catch (CapatazException failure) {
      if (interruption.signal() != 0) {
        return interruption.exitCode();
      }
      throw failure;
    }
  }

  /// Jobs of a run that was killed must not start again beside this one.
  private void cancelLeftovers(Cluster cluster) {
    try (var active = cluster.jobs(JobFilter.active())) {
      active
          .toList()
          .forEach(
              left -> {
                cluster.job(left.id()).cancel("its run was ended");
                say("canceled job " + left.id() + ", whose run was ended before it");
              });
    }
  }

  private int supervise(Job job, Work work, RunFolder folder, PrivateCluster local)
      throws IOException, InterruptedException {
    folder.started(job.id());
    interruption.reactWith(() -> cancel(job));
    var code =
        attend(
            job,
            work,
            local.loss(),
            folder.resumption() + " runs again what did not finish; logs are in " + folder.path());
    var end = job.status().state();
    if (end.isEnd()) {
      folder.ended(job.id(), end);
    }
    return interruption.signal() == 0 ? code : interruption.exitCode();
  }

  private void cancel(Job job) {
    say("canceling job " + job.id() + "; once more ends everything at once");
    try {
      job.cancel("interrupted");
    } catch (CapatazException failure) {
      // Refused if it has ended meanwhile; whatever else is wrong, who attends the job hears too.
      if (failure.code() != Code.REFUSED) {
        streams.say(Accepted.message(failure));
      }
    }
  }

  /// Stays with the job to its end, and tells of it.
  ///
  /// @param more what to do where it did not finish
  /// @return the exit code
  private int attend(Job job, Work work, CompletableFuture<String> loss, String more)
      throws IOException, InterruptedException {
    var relay = work.single() ? relay(job) : CompletableFuture.<Void>completedFuture(null);
    var display =
        work.single() || talk == Talk.QUIET
            ? null
            : new ProgressDisplay(streams, world.clock().instant());
    var end = new Attendance(job, interruption, display, loss, world.clock()).untilEnd();
    finish(relay);
    var report = new Report(job, work.draft(), end, streams);
    if (!work.single()) {
      report.results(forTasks());
      if (talk == Talk.FULL || end.state() != JobState.FINISHED) {
        report.summary(more);
      }
    }
    if (result != null) {
      result.view(JobNoun.JOB, end);
    }
    return work.single() ? commandCode(job, end) : jobCode(end);
  }

  /// Where what tasks print goes.
  private PrintStream forTasks() {
    return result == null ? streams.out() : streams.err();
  }

  private CompletableFuture<Void> relay(Job job) {
    var done = new CompletableFuture<Void>();
    var relay = new Relay(job, new InstanceId(job.id(), 1, 0), true, streams.err());
    var routes =
        List.of(
            new Relay.Route(StandardStream.OUTPUT, forTasks()),
            new Relay.Route(StandardStream.ERROR, streams.err()));
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                relay.copy(routes);
              } catch (IOException broken) {
                if (!(broken.getCause() instanceof CapatazException)) {
                  interruption.received(BROKEN_PIPE);
                }
              } catch (InterruptedException ended) {
                // Nobody waits for it any more.
              } finally {
                done.complete(null);
              }
            });
    return done;
  }

  /// Waits for the rest of the output, which may come after the job's end, but not for ever.
  private void finish(CompletableFuture<Void> relay) throws InterruptedException {
    try {
      relay.get(LONGEST_OUTPUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException cut) {
      streams.say("expected the end of the output, but the cluster does not deliver it");
    }
  }

  /// The command's own exit code, if it has one.
  private int commandCode(Job job, JobStatus end) {
    var run = job.instance(1, 0);
    var code = run.exitCode().orElse(ExitCode.FAILED);
    if (end.state() == JobState.FINISHED) {
      return run.exitCode().orElse(ExitCode.DONE);
    }
    if (interruption.signal() == 0
        && (run.exitCode().isEmpty() || end.state() == JobState.CANCELED)) {
      var why = run.message().isEmpty() ? end.message() : run.message();
      streams.say("job " + job.id() + " " + end.state() + (why.isEmpty() ? "" : ": " + why));
    }
    return code == ExitCode.DONE ? ExitCode.FAILED : code;
  }

  private static int jobCode(JobStatus end) {
    return end.state() == JobState.FINISHED ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void say(String message) {
    if (talk == Talk.FULL) {
      streams.say(message);
    }
  }
}
