package org.capataz.computenode.keeper;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.capataz.computenode.process.Pipe;
import org.capataz.computenode.process.ProcessSpec;
import org.capataz.computenode.process.Processes;
import org.capataz.computenode.process.Signal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps an agent running, and carries what it and the keeper say to each other. An agent that dies
/// is started again, later and later if it dies young; tasks notice nothing.
public final class AgentSupervisor {

  private static final Logger log = LoggerFactory.getLogger(AgentSupervisor.class);
  private static final Duration LONG_LIFE = Duration.ofSeconds(10);
  private static final Duration FIRST_DELAY = Duration.ofMillis(200);
  private static final Duration LAST_DELAY = Duration.ofSeconds(30);
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  private final Keeper keeper;
  private final List<String> command;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Session session;
  private volatile @Nullable String shutdown;

  /// Starts an agent.
  ///
  /// @param command the agent's program and arguments, in this process's directory and environment
  public AgentSupervisor(Keeper keeper, List<String> command) {
    this.keeper = keeper;
    this.command = command;
    thread = Thread.ofPlatform().name("agent").start(this::supervise);
  }

  /// Why the agent stopped the node, if it did.
  public Optional<String> shutdownMessage() {
    return Optional.ofNullable(shutdown);
  }

  /// Closes the link once everything told is sent, upon which the agent exits; kills it if it does
  /// not.
  public void close() throws InterruptedException {
    closing.countDown();
    var open = session;
    if (open != null) {
      open.endReports();
    }
    if (!thread.join(FAREWELL)) {
      if (open != null) {
        open.kill();
      }
      thread.join();
    }
  }

  private void supervise() {
    var delay = Duration.ZERO;
    try {
      while (closing.getCount() > 0) {
        var before = System.nanoTime();
        try {
          runAgent();
        } catch (IOException e) {
          log.error("cannot run the agent: {}", e.getMessage());
        }
        delay = delay(delay, Duration.ofNanos(System.nanoTime() - before));
        if (closing.getCount() > 0) {
          log.warn("the agent has ended; another is started in {} ms", delay.toMillis());
        }
        if (closing.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// How long to wait before the next agent.
  static Duration delay(Duration before, Duration lived) {
    if (lived.compareTo(LONG_LIFE) >= 0) {
      return Duration.ZERO;
    }
    var doubled = before.isZero() ? FIRST_DELAY : before.multipliedBy(2);
    return doubled.compareTo(LAST_DELAY) < 0 ? doubled : LAST_DELAY;
  }

  private void runAgent() throws IOException, InterruptedException {
    var running = new Session();
    session = running;
    if (closing.getCount() == 0) {
      running.endReports();
    }
    keeper.connect(running::tell);
    try {
      running.listen();
    } finally {
      keeper.disconnect();
    }
  }

  /// One agent's life.
  private final class Session {

    private final Frames frames;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger pid = new AtomicInteger();

    /// Reports to send; an empty one ends them. It holds no more than the keeper has attempts.
    private final BlockingQueue<Optional<Report>> reports = new LinkedBlockingQueue<>();

    Session() throws IOException {
      try (var requests = new Pipe();
          var toAgent = new Pipe()) {
        frames = new Frames(requests.reader(), toAgent.writer());
        var spec =
            new ProcessSpec(
                command,
                System.getenv(),
                System.getProperty("user.dir"),
                new ProcessSpec.Streams(
                    toAgent.readEnd(), requests.writeEnd(), new ProcessSpec.Stream.Descriptor(2)));
        var failure =
            keeper
                .children()
                .start(spec, new Child.Agent(ended), process -> pid.set(process.pid()));
        if (failure != null) {
          frames.close();
          throw new IOException(failure.message());
        }
      }
    }

    void tell(Report report) {
      reports.add(Optional.of(report));
    }

    void endReports() {
      reports.add(Optional.empty());
    }

    void kill() {
      if (ended.getCount() > 0) {
        Processes.signal(pid.get(), Signal.KILL);
      }
    }

    /// Carries messages until the agent ends.
    void listen() throws IOException, InterruptedException {
      var sender = Thread.ofPlatform().name("agent-sender").start(this::send);
      try {
        for (var message = frames.receive(); message != null; message = frames.receive()) {
          if (!(message instanceof Request request)) {
            throw new IOException("expected a request, but got " + message);
          }
          if (request instanceof Request.Shutdown(var why)) {
            shutdown = why;
          }
          keeper.accept(request);
        }
      } catch (IOException e) {
        log.error("the agent is killed, as it cannot be understood: {}", e.getMessage());
        kill();
      }
      if (!ended.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
        ended.await();
      }
      endReports();
      sender.join();
      frames.close();
    }

    private void send() {
      try {
        var batch = new ArrayList<Optional<Report>>();
        while (true) {
          batch.add(reports.take());
          reports.drainTo(batch);
          frames.send(batch.stream().flatMap(Optional::stream).toList());
          if (batch.contains(Optional.<Report>empty())) {
            frames.closeOutput();
            return;
          }
          batch.clear();
        }
      } catch (IOException e) {
        // The agent has ended; so will listen().
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
