package org.capataz.computenode.keeper;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
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
/// is started again, later and later if it dies young, and one may be replaced by another; tasks
/// notice nothing.
public final class AgentSupervisor {

  private static final Logger log = LoggerFactory.getLogger(AgentSupervisor.class);
  private static final Duration LONG_LIFE = Duration.ofSeconds(10);
  private static final Duration FIRST_DELAY = Duration.ofMillis(200);
  private static final Duration LAST_DELAY = Duration.ofSeconds(30);
  private static final Duration FAREWELL = Duration.ofSeconds(3);
  private static final String WHAT_TO_DO =
      "tasks go on; mend or put back the installation and send SIGHUP, or restart the node when"
          + " nothing runs on it";

  private final Keeper keeper;
  private final List<String> command;
  private final Thread thread;

  /// Cuts the pause before the next agent short.
  private final Semaphore hurry = new Semaphore(0);

  /// Held where one of the following is changed.
  private final Object handover = new Object();

  private volatile boolean closing;
  private volatile @Nullable Session session;

  /// What waits to take the place of the present agent.
  private volatile @Nullable Session successor;

  /// Starts an agent.
  ///
  /// @param command the agent's program and arguments, in this process's directory and environment
  public AgentSupervisor(Keeper keeper, List<String> command) {
    this.keeper = keeper;
    this.command = command;
    thread = Thread.ofPlatform().name("agent").start(this::supervise);
  }

  /// Puts another agent in the place of the present one, which works until the other one is ready,
  /// and goes on if that fails. Waits for it.
  public synchronized void replace() {
    if (successor != null || closing) {
      return;
    }
    try {
      var other = new Session();
      other.awaitHello();
      log.info("the agent is replaced");
      Session present;
      synchronized (handover) {
        successor = other;
        present = session;
      }
      hurry.release();
      if (present != null) {
        present.leave();
      }
    } catch (IOException e) {
      complain("the agent is not replaced", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Closes the link once everything told is sent, upon which the agent exits; kills it if it does
  /// not.
  public void close() throws InterruptedException {
    Session present;
    synchronized (handover) {
      closing = true;
      present = session;
    }
    hurry.release();
    if (present != null) {
      present.leave();
    }
    thread.join();
  }

  private void supervise() {
    var delay = Duration.ZERO;
    try {
      while (!closing) {
        var before = System.nanoTime();
        try {
          runAgent();
        } catch (IOException e) {
          complain("cannot run the agent", e);
        }
        delay = delay(delay, Duration.ofNanos(System.nanoTime() - before));
        if (!closing && successor == null) {
          log.warn("the agent has ended; another is started in {} ms", delay.toMillis());
        }
        var _ = hurry.tryAcquire(delay.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void complain(String what, IOException why) {
    if (!closing) {
      log.error("{}: {}; {}", what, why.getMessage(), WHAT_TO_DO);
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
    Session running;
    synchronized (handover) {
      if (closing) {
        return;
      }
      running = successor == null ? new Session() : successor;
      session = running;
      successor = null;
    }
    running.awaitHello();
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
    private boolean greeted;

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

    /// Waits until the agent has said that it can work with this keeper; again, it does not wait.
    void awaitHello() throws IOException, InterruptedException {
      if (greeted) {
        return;
      }
      try {
        frames.expectHello("the agent that " + command.getFirst() + " starts");
        greeted = true;
      } catch (IOException e) {
        kill();
        ended.await();
        frames.close();
        throw e;
      }
    }

    void tell(Report report) {
      reports.add(Optional.of(report));
    }

    void endReports() {
      reports.add(Optional.empty());
    }

    /// Lets the agent end, which it does when it is told no more.
    void leave() throws InterruptedException {
      endReports();
      if (!ended.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
        ended.await();
      }
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
          keeper.accept(request);
        }
      } catch (IOException e) {
        log.error("the agent is killed, as it cannot be understood: {}", e.getMessage());
        kill();
      }
      leave();
      sender.join();
      frames.close();
    }

    private void send() {
      try {
        frames.sayHello();
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
