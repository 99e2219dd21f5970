package org.capataz.scheduler.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.Topology;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.NodeOffer;
import org.jspecify.annotations.Nullable;

/// A compute node: an agent that connects, a keeper that starts processes and notes how they end,
/// and a machine under them that may lose power.
final class Machine {

  private static final int KILLED = 128 + 9;
  private static final long NEVER_RENEWED = Long.MIN_VALUE / 2;
  private static final int BEATS = 8;

  /// In seconds: longer than any lease.
  private static final int LONGEST_ABSENCE = 100;

  private final Timeline timeline;
  private final World world;
  private final Head head;
  private final String name;
  private final boolean leased;
  private final UUID identity;
  private final Topology topology;
  private final int memoryMb;
  private final List<String> groups;
  private Faults faults;
  private Topology offered;
  private int boots = 1;
  private boolean up = true;

  /// Whether it has no power, so that nothing runs on it.
  private boolean off;

  /// The last connection of an agent that is no more.
  private @Nullable Link former;

  private boolean stopping;
  private @Nullable Link link;
  private final Map<AttemptId, Local> known = new LinkedHashMap<>();

  /// Those of what waits and runs, in microseconds.
  private final Map<AttemptId, Long> leases = new LinkedHashMap<>();

  /// Starts that wait for the head node to say that it has this node for connected.
  private final Map<AttemptId, Order.Start> unproven = new LinkedHashMap<>();

  /// Of what runs and waits here.
  private final Map<AttemptId, Long> lanes = new LinkedHashMap<>();

  private long renewedAt = NEVER_RENEWED;
  private boolean beats;
  private long awayUntil;

  /// An attempt as its keeper knows it.
  private sealed interface Local {

    record Waiting(Order.Start order) implements Local {}

    /// @param adopted by a keeper that is not its parent, and will not see how it ends
    record Alive(long startTime, boolean adopted) implements Local {}

    /// The command runs on another node, and may start more of itself here.
    record Held(long startTime) implements Local {}

    record Over(AttemptEnd end) implements Local {}
  }

  /// @param leased whether runs may have leases, and worse happens to the node
  Machine(Timeline timeline, World world, Head head, Faults faults, String name, boolean leased) {
    this.leased = leased;
    this.timeline = timeline;
    this.world = world;
    this.head = head;
    this.faults = faults;
    this.name = name;
    this.identity = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    this.topology =
        Topology.even(
            timeline.pick(1, timeline.chance(0.5) ? 4 : 16),
            timeline.pick(1, 3),
            timeline.chance(0.5) ? timeline.pick(1, 4) : 0);
    this.offered = topology;
    this.groups = Stream.of("a", "b").filter(group -> timeline.chance(0.6)).toList();
    this.memoryMb = timeline.pick(1, 8) * 1000;
    timeline.in(timeline.delay(20_000_000), this::connect);
  }

  String name() {
    return name;
  }

  // The agent.

  private void connect() {
    if (!up || link != null) {
      return;
    }
    if (!head.isUp() || timeline.now() < awayUntil) {
      timeline.in(timeline.delay(1_000_000) + 1000, this::connect);
      return;
    }
    link = new Link(timeline, faults, head, this);
    var found =
        new NodeOffer.Found(
            topology.cores(), topology.sockets().size(), memoryMb, List.of(), "Linux", "amd64");
    link.hello(
        new Command.ConnectNode(
            identity,
            name,
            new NodeOffer(offered, memoryMb, found, groups),
            "boot " + boots,
            known.entrySet().stream().map(e -> report(e.getKey(), e.getValue())).toList()));
  }

  /// The agent notices that a connection is gone.
  void lost(Link gone) {
    if (gone.equals(link)) {
      link = null;
      unproven.clear();
      timeline.in(timeline.delay(3_000_000), this::connect);
    }
  }

  void cut() {
    if (link != null) {
      link.cut();
    }
  }

  private static AttemptReport report(AttemptId id, Local local) {
    return switch (local) {
      case Local.Waiting w -> new AttemptReport.Accepted(id);
      case Local.Alive alive -> new AttemptReport.Running(id, alive.startTime);
      case Local.Held held -> new AttemptReport.Running(id, held.startTime);
      case Local.Over over -> new AttemptReport.Ended(id, over.end);
    };
  }

  private void say(AttemptId id) {
    var local = known.get(id);
    if (link != null && local != null) {
      link.report(report(id, local));
    }
  }

  /// Says something untrue: an end that belongs to an attempt of another past, such as a database
  /// that was restored from a copy remembers no more.
  void rave() {
    for (var id : known.keySet()) {
      if (link != null && timeline.chance(0.5)) {
        var ghost = new AttemptId(id.cluster(), id.epoch() - 1, id.instance(), id.number());
        var end = end(EndReason.EXITED, 77, timeline.now());
        link.report(new AttemptReport.Ended(ghost, end));
      }
    }
  }

  // The keeper.

  void take(Link from, Order order) {
    if (!hears(from)) {
      return;
    }
    switch (order) {
      case Order.Start start -> {
        if (known.containsKey(start.attempt())) {
          say(start.attempt());
        } else if (stopping) {
          over(start.attempt(), end(EndReason.NODE_STOPPED, 0, 0));
        } else if (start.leaseMicros() > 0
            && (timeline.now() - renewedAt >= start.leaseMicros() / 2 || isBehindUnproven(start))) {
          unproven.put(start.attempt(), start);
          from.beat();
        } else {
          accept(start);
        }
      }
      case Order.Stop(var id, var reason) -> stop(id, reason);
      case Order.Recall(var id) -> giveBack(id);
      case Order.Forget(var id) -> {
        if (known.get(id) instanceof Local.Over) {
          known.remove(id);
        }
      }
    }
  }

  private boolean isBehindUnproven(Order.Start start) {
    return start.lane() != 0
        && unproven.values().stream().anyMatch(other -> other.lane() == start.lane());
  }

  private void giveBack(AttemptId id) {
    unproven.remove(id);
    switch (known.get(id)) {
      case null -> over(id, end(EndReason.RECALLED, 0, 0));
      case Local.Waiting w -> over(id, end(EndReason.RECALLED, 0, 0));
      case Local.Alive a -> {}
      case Local.Held h -> {}
      case Local.Over o -> say(id);
    }
  }

  // Lanes.

  /// The one in a lane that may run, or does; null if there is none.
  private @Nullable AttemptId first(long lane) {
    for (var id : known.keySet()) {
      if (Objects.requireNonNullElse(lanes.get(id), 0L) == lane
          && !(known.get(id) instanceof Local.Over)) {
        return id;
      }
    }
    return null;
  }

  private void beginNext(long lane) {
    var next = lane == 0 || stopping ? null : first(lane);
    if (next != null && known.get(next) instanceof Local.Waiting(var start)) {
      begin(start, boots);
    }
  }

  /// Whether there is an agent that hears what comes over a connection.
  private boolean hears(Link from) {
    return from.equals(link) && !from.equals(former);
  }

  private void accept(Order.Start start) {
    if (start.leaseMicros() > 0) {
      if (timeline.now() - renewedAt >= start.leaseMicros()) {
        over(start.attempt(), end(EndReason.NODE_LOST, 0, 0));
        return;
      }
      leases.put(start.attempt(), start.leaseMicros());
      watchLeases();
      keepBeating();
    }
    if (start.isCommand()) {
      change(start.attempt(), new Local.Waiting(start));
      lanes.put(start.attempt(), start.lane());
      if (start.lane() == 0 || start.attempt().equals(first(start.lane()))) {
        var boot = boots;
        timeline.in(timeline.delay(100_000), () -> begin(start, boot));
      }
    } else {
      world.start(name, start);
      change(start.attempt(), new Local.Held(timeline.now()));
    }
  }

  // Leases.

  private void keepBeating() {
    if (!beats && !leases.isEmpty()) {
      beats = true;
      timeline.in(
          Collections.min(leases.values()) / BEATS,
          () -> {
            beats = false;
            if (link != null) {
              link.beat();
            }
            keepBeating();
          });
    }
  }

  /// The head node has this node for connected, or had when it was asked.
  void answered(Link from, long sent) {
    if (hears(from)) {
      endLeases();
      renewedAt = Math.max(renewedAt, sent);
      List.copyOf(unproven.values()).forEach(this::accept);
      unproven.clear();
      watchLeases();
    }
  }

  private void watchLeases() {
    for (var lease : Set.copyOf(leases.values())) {
      timeline.in(renewedAt + lease - timeline.now(), this::endLeases);
    }
  }

  private void endLeases() {
    for (var id : List.copyOf(leases.keySet())) {
      var lease = Objects.requireNonNull(leases.get(id));
      if (timeline.now() - renewedAt >= lease) {
        leases.remove(id);
        if (known.get(id) instanceof Local.Waiting) {
          over(id, end(EndReason.NODE_LOST, 0, 0));
        } else {
          timeline.in(
              timeline.delay(lease / 2),
              () -> {
                kill(id, EndReason.NODE_LOST);
                release(id, EndReason.NODE_LOST);
              });
        }
      }
    }
  }

  private void begin(Order.Start start, int boot) {
    var id = start.attempt();
    if (boot != boots || !(known.get(id) instanceof Local.Waiting)) {
      return;
    }
    if (timeline.chance(0.02)) {
      over(id, end(EndReason.START_FAILED, 0, 0));
      return;
    }
    world.start(name, start);
    change(id, new Local.Alive(timeline.now(), false));
    var length = length(start);
    var limit = start.runtimeSeconds() * 1_000_000;
    if (limit > 0 && limit < length) {
      timeline.in(limit, () -> kill(id, EndReason.TIME_LIMIT));
    } else {
      timeline.in(length, () -> exit(id, timeline.chance(0.1) ? failure() : 0));
    }
  }

  private long length(Order.Start start) {
    if (leased && timeline.chance(0.6)) {
      return timeline.pick(0, LONGEST_ABSENCE) * 1_000_000L;
    }
    // Long enough for mishaps on all of its nodes.
    return timeline.delay(start.placements().size() > 1 ? 60_000_000 : 10_000_000);
  }

  private void exit(AttemptId id, int code) {
    if (known.get(id) instanceof Local.Alive(var start, var adopted)) {
      world.exit(name, id, new World.Exit(code, !adopted));
      over(
          id,
          adopted ? end(EndReason.EXIT_STATUS_LOST, 0, start) : end(EndReason.EXITED, code, start));
    }
  }

  private void stop(AttemptId id, EndReason reason) {
    unproven.remove(id);
    switch (known.get(id)) {
      case null -> over(id, end(reason, 0, 0));
      case Local.Waiting w -> over(id, end(reason, 0, 0));
      case Local.Alive a -> timeline.in(timeline.delay(500_000), () -> kill(id, reason));
      case Local.Held h -> timeline.in(timeline.delay(2_000_000), () -> release(id, reason));
      case Local.Over o -> say(id);
    }
  }

  private void kill(AttemptId id, EndReason reason) {
    if (known.get(id) instanceof Local.Alive(var start, var adopted)) {
      world.exit(name, id, new World.Exit(KILLED, true));
      over(id, end(reason, KILLED, start));
    }
  }

  /// Nothing that was started here for a command elsewhere runs any more.
  private void release(AttemptId id, EndReason reason) {
    if (known.get(id) instanceof Local.Held(var start)) {
      world.exit(name, id, new World.Exit(KILLED, true));
      over(id, end(reason, 0, start));
    }
  }

  private void over(AttemptId id, AttemptEnd end) {
    leases.remove(id);
    change(id, new Local.Over(end));
    var lane = lanes.remove(id);
    if (lane != null) {
      beginNext(lane);
    }
  }

  private void change(AttemptId id, Local local) {
    known.put(id, local);
    say(id);
  }

  private int failure() {
    return timeline.pick(1, timeline.chance(0.5) ? 4 : 255);
  }

  private AttemptEnd end(EndReason reason, int exitCode, long startTime) {
    return new AttemptEnd(
        reason, exitCode, startTime, timeline.now(), AttemptEnd.Usage.NONE, "", "");
  }

  // Mishaps.

  void suffer() {
    if (leased && timeline.chance(0.5)) {
      vanish();
      return;
    }
    switch (timeline.pick(0, 7)) {
      case 0, 1 -> cut();
      case 2 -> keeperDies();
      case 3 -> reboot();
      case 4 -> restart();
      case 5 -> rave();
      case 6 -> head.switchNode(name, false);
      case 7 -> head.switchNode(name, true);
      default -> throw new AssertionError();
    }
  }

  /// Nobody reaches it for a while, and perhaps its agent stands still all that time.
  private void vanish() {
    var time = timeline.pick(1, LONGEST_ABSENCE) * 1_000_000L;
    awayUntil = timeline.now() + time;
    if (link != null && timeline.chance(0.5)) {
      link.stall(timeline.delay(time));
    } else {
      cut();
    }
  }

  /// What had not begun is forgotten; what runs goes on, but how it ends will not be seen.
  private void keeperDies() {
    cut();
    unproven.clear();
    if (!leases.isEmpty()) {
      // Not each renewal is noted.
      renewedAt -= timeline.delay(Collections.min(leases.values()) / 4);
    }
    for (var id : List.copyOf(known.keySet())) {
      switch (known.get(id)) {
        case null -> {}
        case Local.Waiting w -> {
          known.remove(id);
          leases.remove(id);
          lanes.remove(id);
        }
        case Local.Alive(var start, var adopted) -> known.put(id, new Local.Alive(start, true));
        case Local.Held(var start) when timeline.chance(0.5) -> {
          // It had started something, and nobody will see how that ends.
          world.exit(name, id, new World.Exit(KILLED, false));
          known.put(id, new Local.Over(end(EndReason.EXIT_STATUS_LOST, 0, start)));
          leases.remove(id);
        }
        case Local.Held h -> {}
        case Local.Over o -> {}
      }
    }
    watchLeases();
  }

  /// The machine loses power; its notes may survive.
  private void reboot() {
    cut();
    former = link;
    up = false;
    off = true;
    boots++;
    leases.clear();
    lanes.clear();
    unproven.clear();
    renewedAt = NEVER_RENEWED;
    world.powerOff(name);
    if (timeline.chance(0.5)) {
      known.clear();
    }
    for (var id : List.copyOf(known.keySet())) {
      switch (known.get(id)) {
        case null -> {}
        case Local.Waiting w -> known.remove(id);
        case Local.Alive(var start, var adopted) ->
            known.put(id, new Local.Over(end(EndReason.EXIT_STATUS_LOST, 0, start)));
        case Local.Held(var start) ->
            known.put(id, new Local.Over(end(EndReason.EXIT_STATUS_LOST, 0, start)));
        case Local.Over o -> {}
      }
    }
    if (leased && timeline.chance(0.5)) {
      timeline.in(timeline.delay(10_000_000), this::operatorSees);
    }
    comeBack();
  }

  private void operatorSees() {
    if (off) {
      head.giveUp(name);
    }
  }

  /// Its administrator stops the node, and starts it again, perhaps offering other cores.
  private void restart() {
    stopping = true;
    for (var id : List.copyOf(known.keySet())) {
      switch (known.get(id)) {
        case null -> {}
        case Local.Waiting w -> over(id, end(EndReason.NODE_STOPPED, 0, 0));
        case Local.Alive a -> kill(id, EndReason.NODE_STOPPED);
        case Local.Held h -> release(id, EndReason.NODE_STOPPED);
        case Local.Over o -> {}
      }
    }
    offered =
        timeline.chance(0.5)
            ? Topology.even(
                timeline.pick(1, topology.cores()),
                timeline.pick(1, 3),
                timeline.pick(0, topology.gpus()))
            : topology;
    timeline.in(
        timeline.delay(200_000),
        () -> {
          cut();
          former = link;
          up = false;
          comeBack();
        });
  }

  private void comeBack() {
    timeline.in(
        timeline.delay(20_000_000),
        () -> {
          up = true;
          off = false;
          stopping = false;
          connect();
        });
  }

  /// No more mishaps; it comes back as it was at first.
  void recover() {
    faults = Faults.NONE;
    awayUntil = 0;
    offered = topology;
    up = true;
    off = false;
    stopping = false;
    cut();
    connect();
    head.switchNode(name, true);
  }

  /// Attempts that it still has to tell of.
  int untold() {
    return known.size();
  }
}
