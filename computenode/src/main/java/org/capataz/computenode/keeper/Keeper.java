package org.capataz.computenode.keeper;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.capataz.computenode.process.Children;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.Processes;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.computenode.process.Signal;
import org.capataz.computenode.process.StartFailure;
import org.capataz.computenode.process.Zombie;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The world around [KeeperState]: the parent of all tasks of a node.
///
/// Whatever happens is put to the state under one lock, and its actions are carried out there, so
/// that spool, state and what the agent is told have one order. What takes time has a thread: the
/// *spawner* starts processes, the *reaper* collects them, the *alarm* wakes the state.
public final class Keeper implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Keeper.class);
  private static final Duration DEATH_LIMIT = Duration.ofSeconds(5);

  /// Until a start is tried again that could not be noted.
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Waits stand still while the machine is suspended, and the state's clock does not: after that,
  /// an alarm that is due comes at most so late.
  private static final long LONGEST_WAIT_MILLIS = 1_000;

  private final Children<Child> children = new Children<>();
  private final TaskOutput outputs;
  private final Marks marks;
  private final TaskProcesses tasks;
  private final Spool spool;

  /// Whether nothing can be started just now. Of the spawner.
  private boolean stalled;

  private final KeeperState state;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition startWaits = lock.newCondition();
  private final Condition alarmMoved = lock.newCondition();
  private final Condition stateIsDone = lock.newCondition();
  private long alarmAt = Alarms.NEVER;
  private Consumer<Report> agent = _ -> {};
  private final Thread spawner;
  private final Thread reaper;
  private final Thread alarm;
  private final OutputGuard guard;
  private final MemoryGuard memory;
  private final BranchDesk desk;

  /// Takes over what an earlier keeper on this directory left, and begins to work. From here on
  /// this process is the parent of every descendant whose own parent ends.
  ///
  /// @throws IOException if the spool cannot be read or written
  public Keeper(DataDirectory directory, OutputLimits limits) throws IOException {
    Processes.adoptOrphans();
    outputs = new TaskOutput(directory.path());
    marks = new Marks(directory);
    var parallel = new ParallelFiles(directory.path());
    tasks = new TaskProcesses(outputs, marks, parallel);
    var bootId = Processes.bootId();
    var earlier = Spool.read(directory.spool());
    state = new KeeperState(bootId, earlier.recordsIn(bootId));
    spool = new Spool(directory.spool(), bootId, state.records());
    survey(earlier, bootId);
    var all = new Attempts();
    guard = new OutputGuard(outputs, limits, all);
    memory = new MemoryGuard(marks, all);
    desk = new BranchDesk(parallel, this::mayRun, request -> post(new Input.BranchWanted(request)));
    spawner = Thread.ofPlatform().name("spawner").start(this::spawn);
    reaper = Thread.ofPlatform().name("reaper").start(this::reap);
    alarm = Thread.ofPlatform().name("alarm").start(this::watchAlarm);
  }

  /// Finds the attempts that an earlier keeper left running, and kills what is left of others.
  private void survey(Spool.Content earlier, String bootId) {
    var marked = earlier.bootId().equals(bootId) ? marks.all() : Map.<Integer, AttemptId>of();
    var leaders = new HashMap<AttemptId, ProcessId>();
    marked.forEach(
        (pid, attempt) ->
            Processes.sessionLeader(pid).ifPresent(process -> leaders.put(attempt, process)));
    lock.lock();
    try {
      var known = state.known();
      post(new Input.Surveyed(leaders));
      marked.forEach(
          (pid, attempt) -> {
            if (known.contains(attempt) && !state.mayRun(attempt)) {
              Processes.signal(pid, Signal.KILL);
            }
          });
    } finally {
      lock.unlock();
    }
  }

  /// Takes a request of the agent. Thread: any.
  public void accept(Request request) {
    if (request instanceof Request.Hear(var news)) {
      desk.hear(news);
    }
    post(new Input.FromAgent(request));
    if (request instanceof Request.Hold hold) {
      memory.started(hold.limits());
    }
  }

  /// Gives the agent a voice: reports go to `listener` once it has asked for the inventory. The
  /// listener must not wait. Thread: any.
  public void connect(Consumer<Report> listener) {
    lock.lock();
    try {
      agent = listener;
    } finally {
      lock.unlock();
    }
  }

  /// The agent is gone.
  public void disconnect() {
    lock.lock();
    try {
      agent = _ -> {};
      post(new Input.AgentGone());
    } finally {
      lock.unlock();
    }
  }

  /// Stops the node: takes no more starts and ends all tasks. A second call can only hasten it.
  /// Returns at once.
  ///
  /// @param grace what no task's own grace may exceed
  /// @param delivery how long the tasks' ends may then wait to be acknowledged
  public void stop(Duration grace, Duration delivery) {
    post(new Input.Stop(grace.toMillis(), delivery.toMillis()));
  }

  /// Waits until the node was stopped, and all that is to be delivered is, or will not be.
  public void awaitStop() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!state.isDone()) {
        stateIsDone.await();
      }
    } finally {
      lock.unlock();
    }
  }

  Children<Child> children() {
    return children;
  }

  /// Kills every descendant of this process and ends the threads.
  @Override
  public void close() throws IOException {
    try {
      desk.close();
      spawner.interrupt();
      alarm.interrupt();
      spawner.join();
      alarm.join();
      guard.close();
      memory.close();
      if (!children.killAll(DEATH_LIMIT)) {
        log.warn("processes are left that do not die");
      }
      children.close();
      reaper.join(DEATH_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tasks.close();
    spool.close();
  }

  private void post(Input input) {
    lock.lock();
    try {
      for (var action : state.on(input, Moment.now())) {
        perform(action);
      }
      if (state.hasWaiting()) {
        startWaits.signal();
      }
      if (state.nextWakeup().orElse(Alarms.NEVER) < alarmAt) {
        alarmMoved.signal();
      }
      if (state.isDone()) {
        stateIsDone.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void perform(Action action) {
    switch (action) {
      case Action.Note(var fact) -> {
        try {
          note(fact);
        } catch (IOException e) {
          // What runs goes on, and is reported while this process lives.
          log.error("cannot note in the spool that {}: {}", fact, e.toString());
        }
      }
      case Action.Tell(var report) -> agent.accept(report);
      case Action.Terminate(var running) -> {
        signal(running, Signal.TERM);
        // A stopped process gets the signal when it continues.
        signal(running, Signal.CONT);
      }
      case Action.Kill(var running) -> signal(running, Signal.KILL);
      case Action.TerminateAll(var attempt) -> {
        signalAll(attempt, Signal.TERM);
        signalAll(attempt, Signal.CONT);
      }
      case Action.KillAll(var attempt) -> signalAll(attempt, Signal.KILL);
      case Action.ProbeAll(var attempt) -> {
        if (!marks.all().containsValue(attempt)) {
          post(new Input.Vanished(attempt));
          if (!state.mayRun(attempt)) {
            tasks.release(attempt, guard);
          }
        }
      }
      case Action.Probe(var orphan) -> {
        if (!Processes.isRunning(orphan.process())) {
          signalAll(orphan.attempt(), Signal.KILL);
          post(new Input.Vanished(orphan.attempt()));
        }
      }
    }
  }

  private void note(Message fact) throws IOException {
    spool.append(fact);
    if (spool.isLong()) {
      spool.roll(state.records());
    }
  }

  private static void signal(Report.Running running, Signal signal) {
    // The number of a child is its own until it is reaped; an orphan's may be another's by now.
    if (!running.orphan() || Processes.isRunning(running.process())) {
      Processes.signalGroup(running.process().pid(), signal);
    }
  }

  private void signalAll(AttemptId attempt, Signal signal) {
    marks
        .all()
        .forEach(
            (pid, mark) -> {
              if (mark.equals(attempt)) {
                Processes.signal(pid, signal);
              }
            });
  }

  /// The spawner: one, so that after a crash at most one attempt may or may not have a process.
  private void spawn() {
    try {
      while (true) {
        switch (awaitStart()) {
          case Request.Start start -> spawn(start);
          case Spawn.Branch branch -> spawn(branch);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void spawn(Request.Start start) throws InterruptedException {
    var task = new Child.Task(start, Moment.now().micros());
    var failure =
        children.start(
            tasks.prepare(start),
            task,
            process ->
                post(
                    new Input.Started(
                        new Report.Running(start.attempt(), process, task.startMicros(), false))));
    if (failure != null) {
      tasks.release(start, false, guard);
      desk.close(start.attempt());
      if (failure.cause() != StartFailure.Cause.SHORTAGE || !putBack(start, failure.message())) {
        post(new Input.NotStarted(start.attempt(), failure.message()));
      }
    } else {
      stalled = false;
      guard.started();
      memory.started(start.execution().limits());
    }
  }

  private void spawn(Spawn.Branch branch) {
    var id = branch.id();
    try {
      var process = tasks.prepare(branch);
      var child = new Child.Branch(branch, Moment.now().micros(), tasks.written(branch.id()));
      var failure =
          children.start(
              process,
              child,
              started ->
                  post(
                      new Input.BranchStarted(
                          id,
                          new Report.Running(id.attempt(), started, child.startMicros(), false))));
      if (failure != null) {
        notStarted(id, failure.message());
      } else {
        guard.started();
      }
    } catch (IllegalArgumentException malformed) {
      // What another node asks for is checked by nobody before.
      notStarted(id, String.valueOf(malformed.getMessage()));
    }
  }

  private void notStarted(BranchId branch, String message) {
    post(new Input.BranchEnded(branch, BranchNews.End.none(message), ResourceUsage.NONE));
  }

  /// Lets a start wait for a while for what the node lacks, which would else fail all that is sent
  /// here, one after the other.
  ///
  /// @return whether it waits, and is not to be stopped
  private boolean putBack(Request.Start start, String why) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!state.putBack(start)) {
        return false;
      }
      if (!stalled) {
        stalled = true;
        log.error("nothing is started until there is room again: {}", why);
      }
      for (var left = STALL_NANOS; left > 0; left = startWaits.awaitNanos(left)) {
        // Whatever else may start would lack the same.
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private Spawn awaitStart() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        var next = state.begin(Moment.now());
        if (next == null) {
          startWaits.await();
          continue;
        }
        if (!(next instanceof Request.Start start)) {
          return next;
        }
        try {
          note(new Begun(start.attempt(), start.execution().limits(), start.lane()));
          return start;
        } catch (IOException e) {
          putBack(start, "expected to note the start in the node's spool, but: " + e.getMessage());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// The reaper. An end is noted before it is reaped: until then the kernel remembers it, if this
  /// process should die, and gives the process's number to no other.
  private void reap() {
    try {
      for (var zombie = children.await(); zombie != null; zombie = children.await()) {
        switch (zombie.owner()) {
          case Child.Task task -> {
            var used = used(task.start().attempt(), zombie);
            var outcome = tasks.outcome(task, zombie.status(), used, Moment.now());
            post(new Input.Exited(task.start().attempt(), outcome));
          }
          case Child.Branch branch -> {
            var end = tasks.end(branch, zombie.status());
            var id = branch.start().id();
            post(new Input.BranchEnded(id, end, used(id.attempt(), zombie)));
          }
          case Child.Agent(var ended) -> ended.countDown();
          case null -> {}
        }
        children.reap(zombie);
        var remains = killRemains();
        if (!remains) {
          guard.nothingIsLeft();
        }
        if (zombie.owner() instanceof Child.Task task) {
          tasks.release(task.start(), remains, guard);
          if (!task.start().execution().peers().isEmpty()) {
            desk.close(task.start().attempt());
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ResourceUsage used(AttemptId attempt, Zombie<Child> zombie) {
    return zombie.usage().plus(new ResourceUsage(0, 0, memory.peakKib(attempt)));
  }

  /// Kills the processes that have come to us and whose attempt is over. Those that have no mark
  /// are left until the node stops: nobody can say whose they are.
  ///
  /// @return whether a process is left that may belong to an attempt that is over
  private boolean killRemains() {
    var remain = false;
    for (var pid : children.adopted()) {
      var attempt = Marks.of(pid);
      if (attempt.isEmpty()) {
        remain = true;
      } else if (!mayRun(attempt.get())) {
        remain = true;
        Processes.signal(pid, Signal.KILL);
      }
    }
    return remain;
  }

  private boolean mayRun(AttemptId attempt) {
    lock.lock();
    try {
      return state.mayRun(attempt);
    } finally {
      lock.unlock();
    }
  }

  private void watchAlarm() {
    lock.lock();
    try {
      while (true) {
        if (state.nextWakeup().orElse(Alarms.NEVER) <= Moment.now().millis()) {
          post(new Input.Woken());
        }
        alarmAt = state.nextWakeup().orElse(Alarms.NEVER);
        // Others get the lock at least for a moment: what an alarm brings may take longer than the
        // time to the next, and they bring its end.
        if (alarmAt == Alarms.NEVER) {
          alarmMoved.await();
        } else {
          var millis = Math.clamp(alarmAt - Moment.now().millis(), 1, LONGEST_WAIT_MILLIS);
          alarmMoved.await(millis, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    } finally {
      lock.unlock();
    }
  }

  /// The attempts, as those see them that guard what they take.
  private final class Attempts implements OutputGuard.Attempts, MemoryGuard.Attempts {

    @Override
    public Set<AttemptId> running() {
      lock.lock();
      try {
        return state.running();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Map<AttemptId, Integer> memoryLimits() {
      lock.lock();
      try {
        return state.memoryLimits();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void end(AttemptId attempt, String why) {
      post(new Input.Exceeded(attempt, EndReason.OUTPUT_LIMIT, why));
    }

    @Override
    public void exceeded(AttemptId attempt, String why) {
      post(new Input.Exceeded(attempt, EndReason.OUT_OF_MEMORY, why));
    }

    @Override
    public boolean deleteFolder(int job) {
      lock.lock();
      try {
        // The spawner makes a folder once its attempt counts as running.
        return state.running().stream().noneMatch(attempt -> attempt.instance().job() == job)
            // Fails where it is not empty.
            && outputs.folder(job).toFile().delete();
      } finally {
        lock.unlock();
      }
    }
  }
}
