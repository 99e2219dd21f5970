package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.capataz.model.EndReason;
import org.capataz.scheduler.event.Event;

/// One run of a cluster with faults, all of whose chance comes from a seed.
public final class Simulation {

  private static final int MOST_STEPS = 1_000_000;

  /// One of so many runs has an activation filter.
  private static final int FILTERED = 4;

  /// One of so many runs has leases, and nodes that are away for longer.
  private static final int LEASED = 3;

  /// One of so many runs sends much to nodes ahead of its turn.
  private static final int BACKLOGGED = 5;

  private final boolean leased;
  private final Timeline timeline;
  private final Faults faults;
  private final Promises promises = new Promises();
  private final World world = new World(promises);
  private final Head head;
  private final Client client;
  private final List<Machine> machines = new ArrayList<>();

  private Simulation(long seed) {
    timeline = new Timeline(new SplittableRandom(seed));
    faults = Faults.some(timeline);
    promises.watch(world);
    head = new Head(timeline, promises, faults);
    leased = seed % LEASED == 0;
    client = new Client(timeline, head, promises, seed % FILTERED == 0, leased);
    if (seed % BACKLOGGED == 0) {
      client.sendAhead();
    }
    for (var i = timeline.pick(1, 6); i > 0; i--) {
      machines.add(new Machine(timeline, world, head, faults, "n" + i, leased));
    }
  }

  /// What happened in a run that kept all promises.
  ///
  /// @param events how many
  /// @param attempts how many of them began an attempt
  /// @param parts how often something was started for a command that runs on another node
  /// @param crashes of the head node
  /// @param outlasted how many attempts ended because their node was out of reach for long
  /// @param assigned how many attempts were behind others at first
  /// @param recalled how many of these were given back
  public record Outcome(
      int events, int attempts, int parts, int crashes, int outlasted, int assigned, int recalled) {

    static final Outcome NONE = new Outcome(0, 0, 0, 0, 0, 0, 0);

    Outcome plus(Outcome other) {
      return new Outcome(
          events + other.events,
          attempts + other.attempts,
          parts + other.parts,
          crashes + other.crashes,
          outlasted + other.outlasted,
          assigned + other.assigned,
          recalled + other.recalled);
    }
  }

  /// Runs a seed.
  ///
  /// @throws AssertionError naming the first promise that was broken
  public static Outcome run(long seed) {
    return new Simulation(seed).run();
  }

  private Outcome run() {
    var acts = timeline.pick(3, 30) + (leased ? 10 : 0);
    var time = 2_000_000L;
    for (var i = 0; i < acts; i++) {
      time += timeline.delay(leased ? 30_000_000 : 8_000_000);
      timeline.in(time, this::act);
    }
    timeline.in(time + timeline.delay(30_000_000), this::calm);
    runToTheEnd();
    client.giveUp();
    runToTheEnd();
    check();
    var events = head.rows().events();
    var attempts =
        events.stream().filter(event -> event instanceof Event.AttemptDispatched).count();
    var outlasted = events.stream().filter(Simulation::isOutlasted).count();
    var assigned =
        events.stream()
            .filter(event -> event instanceof Event.AttemptDispatched e && e.behind())
            .count();
    var recalled =
        events.stream()
            .filter(
                event ->
                    event instanceof Event.AttemptEnded e && e.end().reason() == EndReason.RECALLED)
            .count();
    return new Outcome(
        events.size(),
        (int) attempts,
        world.parts(),
        head.crashes(),
        (int) outlasted,
        (int) assigned,
        (int) recalled);
  }

  private static boolean isOutlasted(Event event) {
    return event instanceof Event.AttemptEnded ended
        && ended.end().message().contains("out of reach");
  }

  private void act() {
    client.act();
    if (timeline.chance(leased ? Math.max(0.7, faults.mishap()) : faults.mishap())) {
      machines.get(timeline.pick(0, machines.size() - 1)).suffer();
    }
  }

  /// Services have no end of their own.
  private void endServices(int times) {
    client.endServices();
    if (times > 0) {
      timeline.in(2_000_000, () -> endServices(times - 1));
    }
  }

  /// From now on all goes well.
  private void calm() {
    if (!head.isUp()) {
      timeline.in(1_000_000, this::calm);
      return;
    }
    head.recover();
    machines.forEach(Machine::recover);
    endServices(20);
  }

  private void runToTheEnd() {
    for (var step = 0; timeline.step(); step++) {
      var steps = step;
      promises.check(steps < MOST_STEPS, () -> "the run does not end");
      if (head.isUp()) {
        client.checkNothingIsLost();
      }
    }
  }

  private void check() {
    head.recover();
    promises.checkAllEnded();
    promises.check(world.isEmpty(), () -> "processes are left over");
    for (var node : head.state().nodes()) {
      promises.check(
          node.granted().isEmpty() && node.grantedMemoryMb() == 0,
          () -> "cores of " + node.name() + " are still granted");
    }
    for (var machine : machines) {
      promises.check(
          machine.untold() == 0,
          () -> machine.name() + " was never told to forget " + machine.untold() + " attempts");
    }
  }
}
