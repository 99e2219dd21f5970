package org.capataz.headnode;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.ClusterParameter;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.state.ClusterState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has old jobs deleted once a day, at the hour that the cluster's parameters name or as soon after
/// as the head node is up: some at a time, with the loop free between.
final class Housekeeper implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
  private static final long LOOK_SECONDS = 60;

  private final EngineLoop loop;
  private final Supplier<LocalDateTime> localTime;
  private final EngineLoop.Clock clock;
  private @Nullable LocalDate done;

  /// @param localTime tells the head node's own time
  Housekeeper(EngineLoop loop, Supplier<LocalDateTime> localTime, EngineLoop.Clock clock) {
    this.loop = loop;
    this.localTime = localTime;
    this.clock = clock;
  }

  @Override
  public void run() {
    try {
      while (true) {
        try {
          look();
        } catch (CompletionException later) {
          LOG.debug("cannot delete old jobs just now: {}", later.getMessage());
        }
        TimeUnit.SECONDS.sleep(LOOK_SECONDS);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /// Deletes what is due, unless that was done today.
  void look() {
    var settings = loop.read(ClusterState::settings).join();
    var now = localTime.get();
    var days = settings.number(ClusterParameter.TTL_COMPLETED_JOBS);
    if (days == 0
        || now.toLocalDate().equals(done)
        || now.getHour() < settings.number(ClusterParameter.JOB_CLEANUP_HOUR)) {
      return;
    }
    var before = clock.micros() - TimeUnit.DAYS.toMicros(days);
    var after = 0;
    do {
      after = loop.ask(new Command.DeleteEndedJobs(after, before)).join().orElseThrow();
    } while (after > 0);
    done = now.toLocalDate();
  }
}
