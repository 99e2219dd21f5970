package org.capataz.cli.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.Explanation;
import org.capataz.client.Job;
import org.capataz.client.JobStatus;
import org.capataz.client.Watch;
import org.capataz.client.WatchOptions;
import org.capataz.model.JobState;
import org.jspecify.annotations.Nullable;

/// Stays with a job until it has ended.
///
/// @param job the job
/// @param display where to show how far it is; null for not at all
/// @param loss completed if the cluster is lost, with the reason
public record Attendance(
    Job job,
    Interruption interruption,
    @Nullable ProgressDisplay display,
    CompletableFuture<String> loss,
    InstantSource clock) {

  /// How long a job may be in the queue before its reason is asked for.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// How long a canceled job may take to end: the tasks' grace and a margin.
  static final Duration LONGEST_CANCEL = Duration.ofSeconds(20);

  private static final Duration QUIET_INTERVAL = Duration.ofMillis(500);

  /// Waits for the end.
  ///
  /// @return the job as it ended; as it was last seen, if a cancel takes too long
  /// @throws CapatazException if the cluster is lost, or no node could ever run the job
  public JobStatus untilEnd() throws InterruptedException {
    try (var watch = job.watch(WatchOptions.fromNow().untilEnd())) {
      return follow(watch);
    } finally {
      if (display != null) {
        display.clear();
      }
    }
  }

  private JobStatus follow(Watch watch) throws InterruptedException {
    var waiting = new Waiting(clock.instant());
    Optional<Instant> deadline = Optional.empty();
    JobStatus status = null;
    while (true) {
      var event = watch.poll(display == null ? QUIET_INTERVAL : display.interval());
      if (event.isPresent()) {
        status = event.get().job();
      }
      var now = clock.instant();
      if (status != null) {
        if (status.state().isEnd()) {
          return status;
        }
        if (display != null) {
          display.show(status, now);
        }
        waiting.check(status, now);
      }
      if (loss.isDone()) {
        throw new CapatazException(Code.FAILED, loss.join());
      }
      if (interruption.signal() != 0 && deadline.isEmpty()) {
        deadline = Optional.of(now.plus(LONGEST_CANCEL));
      }
      if (deadline.isPresent() && now.isAfter(deadline.get())) {
        return status == null ? job.status() : status;
      }
    }
  }

  /// Asks once why the job is still in the queue, and says so.
  private final class Waiting {
    private final Instant since;
    private boolean asked;

    Waiting(Instant since) {
      this.since = since;
    }

    void check(JobStatus status, Instant now) {
      if (asked
          || status.state() != JobState.QUEUED
          || Duration.between(since, now).compareTo(PATIENCE) < 0) {
        return;
      }
      asked = true;
      var explanation = job.explain();
      if (isHopeless(explanation)) {
        job.cancel(explanation.sentence());
        throw new CapatazException(Code.REFUSED, explanation.sentence());
      }
      if (display != null) {
        display.say(explanation.sentence());
      }
    }

    private boolean isHopeless(Explanation explanation) {
      return !explanation.nodes().isEmpty()
          && explanation.nodes().stream().allMatch(node -> node.fit().equals("never"));
    }
  }
}
