package org.capataz.headnode.loop;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.capataz.headnode.store.EmbeddedDatabase;
import org.capataz.headnode.view.Board;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.JobDraft;
import org.capataz.model.Result;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.Topology;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.policy.QueuePolicy;

/// An engine loop over a store in a directory, without a network. Its clock counts questions.
public final class RunningLoop {

  private final GatedStore.Switches switches = new GatedStore.Switches();
  private final AtomicLong micros = new AtomicLong(1_700_000_000_000_000L);
  private final AtomicLong set = new AtomicLong();
  private final AtomicLong suspended = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final Path directory;
  private final EngineLoop loop;
  private final Thread thread;
  private volatile Runnable whenReopened = () -> {};

  public RunningLoop(Path directory) {
    this.directory = directory;
    loop =
        new EngineLoop(
            open(),
            () -> {
              whenReopened.run();
              return open();
            },
            new QueuePolicy(),
            new EngineLoop.Clock() {
              @Override
              public long micros() {
                return micros.incrementAndGet() + suspended.get() + set.get();
              }

              @Override
              public long steadyMicros() {
                return micros.get();
              }

              @Override
              public long uptimeMicros() {
                return micros.get() + suspended.get();
              }
            },
            new Board());
    thread = Thread.ofPlatform().name("engine").start(loop);
  }

  private GatedStore open() {
    return new GatedStore(EmbeddedDatabase.open(directory, "test"), switches);
  }

  public EngineLoop loop() {
    return loop;
  }

  /// Time goes on.
  void after(long micros) {
    this.micros.addAndGet(micros);
  }

  /// The machine is suspended, and goes on.
  void suspend(long micros) {
    suspended.addAndGet(micros);
  }

  /// Somebody sets the clock.
  void setClock(long ahead) {
    set.addAndGet(ahead);
  }

  GatedStore.Switches switches() {
    return switches;
  }

  /// Has something done just before the store is opened again.
  void whenReopened(Runnable action) {
    whenReopened = action;
  }

  /// Waits until the loop has ended.
  public void close() throws InterruptedException {
    loop.stop();
    switches.letGo();
    thread.join();
  }

  // What clients do.

  /// A job of one task.
  public static JobDraft job(TaskDraft task) {
    return JobDraft.EMPTY.plus(task);
  }

  public static TaskDraft task() {
    return TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "work");
  }

  public static TaskDraft sweep(int instances) {
    return TaskDraft.EMPTY
        .with(TaskProperty.COMMAND_LINE, "work *")
        .with(TaskProperty.TYPE, "ParametricSweep")
        .with(TaskProperty.END_VALUE, Integer.toString(instances));
  }

  /// Submits a job and waits until it is stored.
  ///
  /// @return its id
  public int submit(JobDraft draft) {
    return carryOut(submission(draft));
  }

  public Command.CreateJob submission(JobDraft draft) {
    return new Command.CreateJob(new UUID(0, requests.incrementAndGet()), "ana", draft, true);
  }

  /// Has a command carried out that is not refused.
  public int carryOut(Command command) {
    return loop.ask(command).join().orElseThrow();
  }

  // What nodes do.

  public static Command.ConnectNode greeting(String name, int cores, AttemptReport... attempts) {
    return new Command.ConnectNode(
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
        name,
        new NodeOffer(
            Topology.flat(cores),
            8000,
            new NodeOffer.Found(cores, 1, 8000, List.of(), "Linux", "amd64"),
            List.of()),
        "boot",
        List.of(attempts));
  }

  /// Connects a node and waits until it is let in.
  ///
  /// @return its id
  public int connect(String name, int cores, Connection connection, AttemptReport... attempts) {
    return greet(greeting(name, cores, attempts), connection).join().orElseThrow();
  }

  CompletableFuture<Result<Integer>> greet(Command.ConnectNode greeting, Connection connection) {
    return loop.connect(greeting, connection);
  }

  /// A command that returned 0.
  public static AttemptReport ended(AttemptId attempt) {
    return new AttemptReport.Ended(
        attempt, new AttemptEnd(EndReason.EXITED, 0, 1_000, 2_000, AttemptEnd.Usage.NONE, "", ""));
  }
}
