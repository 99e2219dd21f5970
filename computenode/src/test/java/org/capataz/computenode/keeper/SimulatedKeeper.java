package org.capataz.computenode.keeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;

/// A machine whose keeper is a real [KeeperState]. The spool and the processes outlive the keeper,
/// which may die between any two steps; the machine's restart ends the processes.
public final class SimulatedKeeper {

  private static final long SPAWN_MICROS = 200_000;
  private static final long LIFE_MICROS = 60_000_000;
  private static final long LONG_MICROS = 1_000_000_000;
  private static final long TERM_MICROS = 3_000_000;

  private static final class TaskProcess {
    private final ProcessId id;

    /// Whose child it is.
    private final int keeper;

    /// Whether the keeper knows of it.
    private boolean known;

    TaskProcess(ProcessId id, int keeper) {
      this.id = id;
      this.keeper = keeper;
    }
  }

  private final VirtualTime time;
  private final Set<Mistake> mistakes;
  private final Map<AttemptId, TaskProcess> processes = new LinkedHashMap<>();
  private final Set<AttemptId> started = new HashSet<>();
  private final Map<AttemptId, Integer> codes = new HashMap<>();

  /// Of what ever had a process.
  private final Map<AttemptId, Long> lanes = new HashMap<>();

  private List<Message> spool = new ArrayList<>();
  private int boots;
  private KeeperState state;
  private Consumer<Report> agent = _ -> {};

  /// Counts the keepers: what was under way for a dead one does not happen.
  private int keeper;

  private boolean isSpawning;
  private int lastProcess;
  private long wakeup = Long.MAX_VALUE;

  public SimulatedKeeper(VirtualTime time, Set<Mistake> mistakes) {
    this.time = time;
    this.mistakes = mistakes;
    state = new KeeperState(bootId(), List.of());
    post(new Input.Surveyed(Map.of()));
  }

  private String bootId() {
    return "boot-" + boots;
  }

  /// Gives the agent a voice.
  public void connect(Consumer<Report> listener) {
    agent = listener;
  }

  public void disconnect() {
    agent = _ -> {};
    post(new Input.AgentGone());
  }

  public void accept(Request request) {
    post(new Input.FromAgent(request));
  }

  /// The keeper dies, and another takes over. The agent is gone with it.
  public void crash() {
    agent = _ -> {};
    keeper++;
    isSpawning = false;
    wakeup = Long.MAX_VALUE;
    state = new KeeperState(bootId(), spool);
    spool = new ArrayList<>(state.records());
    if (mistakes.contains(Mistake.THE_SPOOL_FORGETS_WHAT_RUNS)) {
      spool.removeIf(Begun.class::isInstance);
    }
    post(
        new Input.Surveyed(
            processes.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().id))));
  }

  /// The machine is booted anew.
  public void reboot() {
    processes.clear();
    spool.removeIf(Request.Renew.class::isInstance);
    boots++;
    crash();
  }

  public boolean runs(AttemptId attempt) {
    return processes.containsKey(attempt);
  }

  /// Whether it ever had a process.
  public boolean hasStarted(AttemptId attempt) {
    return started.contains(attempt);
  }

  /// How its process ended, if it did.
  public int code(AttemptId attempt) {
    return codes.getOrDefault(attempt, -1);
  }

  /// The attempts that were not acknowledged.
  public Set<AttemptId> known() {
    return state.known();
  }

  private void post(Input input) {
    state.on(input, time.moment()).forEach(this::perform);
    spawnNext();
    var next = state.nextWakeup().orElse(Alarms.NEVER);
    if (next < wakeup) {
      wakeup = next;
      later(
          next * 1_000 - time.now(),
          () -> {
            if (wakeup == next) {
              wakeup = Long.MAX_VALUE;
              post(new Input.Woken());
            }
          });
    }
  }

  /// Something that this keeper does, if it lives that long.
  private void later(long micros, Runnable action) {
    var mine = keeper;
    time.in(
        micros,
        () -> {
          if (mine == keeper) {
            action.run();
          }
        });
  }

  private void perform(Action action) {
    switch (action) {
      case Action.Note(var fact) -> note(fact);
      case Action.Tell(var report) -> {
        if (mistakes.contains(Mistake.AN_END_IS_FORGOTTEN_ONCE_IT_IS_TOLD)) {
          spool.removeIf(fact -> fact instanceof Report.Ended && fact.equals(report));
        }
        agent.accept(report);
      }
      // Some take no notice.
      case Action.Terminate(var running) when time.chance(0.7) ->
          time.in(time.delay(TERM_MICROS), () -> end(running.attempt(), 143));
      case Action.Terminate _ -> {}
      case Action.Kill(var running) -> end(running.attempt(), 137);
      case Action.Probe(var running) -> {
        if (!isRunning(running.process())) {
          later(0, () -> post(new Input.Vanished(running.attempt())));
        }
      }
      case Action.ProbeAll(var attempt) -> later(0, () -> post(new Input.Vanished(attempt)));
      case Action.TerminateAll _, Action.KillAll _ -> {}
    }
  }

  /// As soon as a process has ended, its number is another's.
  private boolean isRunning(ProcessId id) {
    return mistakes.contains(Mistake.A_NUMBER_IS_TAKEN_FOR_A_PROCESS)
        || processes.values().stream().anyMatch(process -> process.id.equals(id));
  }

  private void note(Message fact) {
    switch (fact) {
      case Begun _ when mistakes.contains(Mistake.A_START_IS_NOT_NOTED) -> {}
      case Begun(var id, var limits, var _) when mistakes.contains(Mistake.LANES_ARE_NOT_NOTED) ->
          spool.add(new Begun(id, limits));
      case Report.Ended _ when mistakes.contains(Mistake.AN_END_IS_NOT_NOTED) -> {}
      default -> spool.add(fact);
    }
  }

  /// As the spawner does, one after the other.
  private void spawnNext() {
    if (isSpawning || !(state.begin(time.moment()) instanceof Request.Start start)) {
      return;
    }
    isSpawning = true;
    var id = start.attempt();
    note(new Begun(id, start.execution().limits(), start.lane()));
    later(time.delay(SPAWN_MICROS), () -> spawn(id, start.lane()));
  }

  private void spawn(AttemptId id, long lane) {
    if (time.chance(0.05)) {
      isSpawning = false;
      post(new Input.NotStarted(id, "no such file"));
      return;
    }
    if (!started.add(id)) {
      throw new AssertionError(id + " was started twice");
    }
    if (lane != Lanes.NONE && processes.keySet().stream().anyMatch(other -> isIn(lane, other))) {
      throw new AssertionError(id + " was started while another has its cores");
    }
    lanes.put(id, lane);
    var process = new TaskProcess(new ProcessId(++lastProcess, time.now()), keeper);
    processes.put(id, process);
    time.in(time.delay(time.chance(0.3) ? LONG_MICROS : LIFE_MICROS), () -> end(id, time.pick(3)));
    var began = time.now();
    later(
        time.delay(SPAWN_MICROS),
        () -> {
          isSpawning = false;
          process.known = true;
          post(new Input.Started(new Report.Running(id, process.id, began, false)));
          if (!runs(id)) {
            reap(id, began);
          }
        });
  }

  private boolean isIn(long lane, AttemptId attempt) {
    return lane == lanes.getOrDefault(attempt, Lanes.NONE);
  }

  /// Its process ends, if it has not.
  private void end(AttemptId id, int code) {
    var process = processes.remove(id);
    if (process == null) {
      return;
    }
    codes.put(id, code);
    if (process.keeper == keeper && process.known) {
      reap(id, time.now());
    }
  }

  private void reap(AttemptId id, long began) {
    var status = new ExitStatus.Code(Objects.requireNonNull(codes.get(id)));
    later(
        time.delay(SPAWN_MICROS),
        () ->
            post(
                new Input.Exited(
                    id, new Report.Outcome(status, began, time.now(), ResourceUsage.NONE, ""))));
  }
}
