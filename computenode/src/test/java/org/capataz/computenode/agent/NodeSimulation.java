package org.capataz.computenode.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import org.capataz.computenode.keeper.Mistake;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.OfAttempt;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.computenode.keeper.Request;
import org.capataz.computenode.keeper.SimulatedKeeper;
import org.capataz.computenode.keeper.VirtualTime;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.model.AttemptId;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.capataz.model.Topology;
import org.jspecify.annotations.Nullable;

/// One run of a node, whose agent and keeper are the real [AgentMachine] and
/// [org.capataz.computenode.keeper.KeeperState], with faults: agent, keeper, machine and head node
/// die, connections are cut and nobody notices for a while, what is said comes late, twice or not
/// at all. All of it comes from a seed.
///
/// Promises: nothing is started twice, nor while another of its lane runs, nor after it was given
/// back; what the head node has heard of is told in every hello until its end is acknowledged; an
/// end is told until it is acknowledged, is the same every time, and is what has happened; when a
/// lease has ended twice nothing runs any more, and nothing starts; and in the end, when all goes
/// well, all has ended and been forgotten.
final class NodeSimulation {

  private static final long SECOND = 1_000_000;
  private static final long LEASE_MICROS = 20 * SECOND;
  private static final long LINK_MICROS = SECOND;
  private static final long PIPE_MICROS = SECOND / 10;

  /// In one of so many runs some have cores that others have before them.
  private static final int LANES = 3;

  private static final UUID CLUSTER = new UUID(1, 1);

  /// What came of a run.
  record Outcome(int attempts, int faults, int outlasted) {
    Outcome plus(Outcome other) {
      return new Outcome(
          attempts + other.attempts, faults + other.faults, outlasted + other.outlasted);
    }
  }

  /// What the head node wants, and what is known of it to who sees all.
  private static final class Wish {
    private final Start start;

    /// Of the head node; a crash takes back what is not committed.
    private boolean stop;

    /// The same: it is to be given back, unless it has begun.
    private boolean recall;

    private @Nullable Ended committed;
    private boolean givenUp;

    /// The node has said that it runs or ran.
    private boolean told;

    private @Nullable Ended toldEnd;
    private boolean acknowledged;

    /// The node has said that it will not run.
    private boolean neverRan;

    Wish(Start start) {
      this.start = start;
    }

    AttemptId id() {
      return start.attempt();
    }
  }

  /// What each side says comes in that order, until the connection is cut.
  private final class Connection {
    /// The head node hears nothing of it any more.
    private boolean cut;

    /// What is on its way to the node then still arrives.
    private final boolean lingers = time.chance(0.5);

    private long lastToHead;
    private long lastToNode;

    void toHead(Runnable hear) {
      lastToHead = Math.max(lastToHead, time.now() + onTheWay());
      time.in(
          lastToHead - time.now(),
          () -> {
            if (!cut) {
              hear.run();
            }
          });
    }

    void toNode(Input input) {
      lastToNode = Math.max(lastToNode, time.now() + onTheWay());
      time.in(
          lastToNode - time.now(),
          () -> {
            if (link == this && (!cut || lingers)) {
              tellAgent(input);
            }
          });
    }

    /// Now and then the network stands still for a while.
    private long onTheWay() {
      return time.chance(0.1) ? time.pick(30) * SECOND : time.delay(LINK_MICROS);
    }

    /// Each side notices when it does.
    void cut() {
      if (cut) {
        return;
      }
      cut = true;
      time.in(
          time.pick(60) * SECOND,
          () -> {
            if (link == this) {
              tellAgent(new Input.Disconnected("cut", false));
            }
          });
      time.in(notice(), () -> headLoses(this));
    }
  }

  private final VirtualTime time;
  private final boolean hasLanes;
  private final Set<Mistake> mistakes;
  private final SimulatedKeeper keeper;
  private final Map<AttemptId, Wish> wishes = new LinkedHashMap<>();
  private int faults;
  private int outlasted;

  // The agent.
  private @Nullable AgentMachine agent;
  private int agents;
  private Optional<ClusterEpoch> seen = Optional.empty();
  private @Nullable Connection link;
  private long wakeup;

  /// What the agent has written and the keeper has not read yet.
  private final List<Request> pipe = new ArrayList<>();

  // The head node.
  private boolean headIsUp = true;
  private long awayUntil;
  private long epoch = 1;
  private @Nullable Connection session;

  /// Counts how often the node came in and out of reach.
  private int absences;

  private NodeSimulation(long seed, Set<Mistake> mistakes) {
    this.time = new VirtualTime(new SplittableRandom(seed));
    this.hasLanes = seed % LANES == 0;
    this.mistakes = mistakes;
    this.keeper = new SimulatedKeeper(time, mistakes);
  }

  /// @throws AssertionError naming the first promise that was broken
  static Outcome run(long seed, Set<Mistake> mistakes) {
    return new NodeSimulation(seed, mistakes).run();
  }

  private Outcome run() {
    startAgent();
    for (var acts = 10 + time.pick(30); acts > 0; acts--) {
      time.pass(time.delay(20 * SECOND));
      act();
    }
    time.pass(time.delay(60 * SECOND));
    // From now on all goes well.
    awayUntil = 0;
    startHead();
    startAgent();
    time.pass(120 * SECOND);
    wishes.values().forEach(wish -> wish.stop = true);
    sendOrders();
    time.pass(300 * SECOND);
    for (var wish : wishes.values()) {
      check(wish.committed != null, wish.id() + " has not ended");
      check(!keeper.runs(wish.id()), wish.id() + " is left over");
      check(
          !wish.neverRan || !keeper.hasStarted(wish.id()),
          wish.id() + " was said never to run, but did");
    }
    check(keeper.known().isEmpty(), "never told to forget " + keeper.known());
    return new Outcome(wishes.size(), faults, outlasted);
  }

  private static void check(boolean kept, String promise) {
    if (!kept) {
      throw new AssertionError(promise);
    }
  }

  private void act() {
    for (var orders = time.pick(3); orders > 0; orders--) {
      var wish = new Wish(start(wishes.size() + 1));
      wishes.put(wish.id(), wish);
    }
    for (var wish : wishes.values()) {
      var isUnwanted = time.chance(0.05);
      if (isUnwanted && wish.start.lane() != 0 && !wish.told) {
        wish.recall = true;
        if (mistakes.contains(Mistake.THE_HEAD_NODE_DOES_NOT_WAIT_FOR_WHAT_IT_RECALLS)) {
          wish.neverRan = true;
        }
      } else {
        wish.stop |= isUnwanted;
      }
    }
    sendOrders();
    if (time.chance(0.6)) {
      faults++;
      switch (time.pick(7)) {
        case 0, 1 -> killAgent();
        case 2 -> {
          killAgent();
          keeper.crash();
        }
        case 3 -> {
          killAgent();
          if (time.chance(0.5)) {
            keeper.reboot();
          }
        }
        case 4 -> killHead();
        case 5 -> {
          awayUntil = time.now() + time.pick(150) * SECOND;
          if (link != null) {
            link.cut();
          }
        }
        default -> {
          if (link != null) {
            link.cut();
          }
        }
      }
    }
  }

  private Start start(int job) {
    var id = new AttemptId(CLUSTER, epoch, new InstanceId(job, 1, 0), 1);
    var placement = new Start.Placement("n1", CoreSet.first(1));
    var limit = time.chance(0.2) ? 10 * SECOND : 0;
    var lease = time.chance(0.4) ? LEASE_MICROS : 0;
    return new Start(
        id,
        1,
        List.of(""),
        List.of(placement),
        limit,
        true,
        OptionalInt.empty(),
        false,
        lease,
        // Half of them have cores of their own.
        hasLanes ? Math.max(0, job % 4 - 1) : 0,
        0);
  }

  // The agent.

  private void startAgent() {
    if (agent != null) {
      return;
    }
    var login = new Login("user", "/home/user", "/bin/sh", "C.UTF-8", "/tmp");
    var files = new ParallelFiles(Path.of("/data"));
    var executions = new Executions("n1", login, List.of(), files, List.of());
    var found = new Machine(4, 1, 8000, List.of(), List.of(), "Linux", "amd64");
    var profile =
        new NodeProfile(
            new UUID(3, 3), "n1", "n1.lab", found, Topology.flat(4), 8000, List.of(), List.of());
    var random = new SplittableRandom(time.pick(1_000_000));
    agent = new AgentMachine(profile, executions, seen, random);
    wakeup = Long.MAX_VALUE;
    var mine = ++agents;
    keeper.connect(
        report ->
            time.in(
                PIPE_MICROS / 2,
                () -> {
                  if (mine == agents) {
                    tellAgent(new Input.Reported(report));
                  }
                }));
    ask(new Request.ListAttempts());
  }

  /// What it has written may still be read.
  private void killAgent() {
    if (agent == null) {
      return;
    }
    agent = null;
    agents++;
    pipe.subList(time.pick(pipe.size() + 1), pipe.size()).clear();
    pipe.forEach(keeper::accept);
    pipe.clear();
    keeper.disconnect();
    if (link != null) {
      var lost = link;
      link = null;
      lost.cut = true;
      time.in(notice(), () -> headLoses(lost));
    }
    time.in(time.delay(30 * SECOND), this::startAgent);
  }

  private void tellAgent(Input... inputs) {
    if (agent == null) {
      return;
    }
    var now = new AgentMachine.Now(time.now() * 1_000, time.now());
    agent.on(List.of(inputs), now).forEach(this::perform);
    var next = agent.nextWakeup();
    if (next < wakeup) {
      wakeup = next;
      var mine = agents;
      time.in(
          Math.ceilDiv(next, 1_000) - time.now(),
          () -> {
            if (mine == agents && wakeup == next) {
              wakeup = Long.MAX_VALUE;
              tellAgent();
            }
          });
    }
  }

  private void perform(Action action) {
    switch (action) {
      case Action.Connect(var _, var _, var attempts, var last) -> {
        var mine = new Connection();
        link = mine;
        if (time.now() < awayUntil) {
          mine.cut = true;
          return;
        }
        if (!headIsUp) {
          time.in(
              time.delay(LINK_MICROS),
              () -> {
                if (link == mine) {
                  tellAgent(new Input.Disconnected("refused", false));
                }
              });
          return;
        }
        mine.toHead(() -> hello(mine, attempts, last));
      }
      case Action.Disconnect() -> {
        if (link != null) {
          var closed = link;
          closed.cut = true;
          link = null;
          time.in(notice(), () -> headLoses(closed));
        }
      }
      case Action.Keep(var kept) -> seen = Optional.of(kept);
      case Action.Send(var attempts) -> send(mine -> attempts.forEach(told -> hear(told)));
      case Action.Beat(var nanos) -> send(mine -> mine.toNode(new Input.Answering(nanos)));
      case Action.Ask(var request) -> ask(request);
      case Action.Say _, Action.Answer _, Action.Pass _, Action.PassNews _, Action.Read _ -> {}
    }
  }

  private void send(Consumer<Connection> hear) {
    var mine = link;
    if (mine != null) {
      mine.toHead(
          () -> {
            if (headIsUp && session == mine) {
              hear.accept(mine);
            }
          });
    }
  }

  private void ask(Request asked) {
    var request =
        asked instanceof Request.Renew
                && mistakes.contains(Mistake.A_LEASE_IS_RENEWED_AS_OF_THE_ANSWER)
            ? new Request.Renew(time.now() / 1_000)
            : asked;
    if (mistakes.contains(Mistake.REQUESTS_GET_LOST_ON_THE_WAY_TO_THE_KEEPER)
        && time.chance(0.01)) {
      return;
    }
    pipe.add(request);
    time.in(
        PIPE_MICROS,
        () -> {
          if (!pipe.isEmpty()) {
            keeper.accept(pipe.removeFirst());
          }
        });
  }

  // The head node.

  private void killHead() {
    if (!headIsUp) {
      return;
    }
    headIsUp = false;
    absences++;
    if (session != null) {
      session.cut();
      session = null;
    }
    time.in(time.delay(60 * SECOND), this::startHead);
  }

  private void startHead() {
    if (!headIsUp) {
      headIsUp = true;
      epoch++;
      headMisses();
    }
  }

  /// From now on the node is out of reach.
  private void headMisses() {
    var mine = ++absences;
    time.in(
        2 * LEASE_MICROS,
        () -> {
          if (headIsUp && mine == absences) {
            outlast();
          }
        });
  }

  /// What has a lease may run elsewhere.
  private void outlast() {
    for (var wish : wishes.values()) {
      if (wish.start.leaseMicros() > 0 && wish.committed == null && !wish.givenUp) {
        check(!keeper.runs(wish.id()), wish.id() + " runs though its lease has ended twice");
        wish.givenUp = true;
        outlasted++;
      }
    }
  }

  /// Until the head node sees that a connection is cut: often at once.
  private long notice() {
    return time.chance(0.5) ? 0 : time.delay(20 * SECOND);
  }

  private void headLoses(Connection lost) {
    if (session == lost) {
      session = null;
      headMisses();
    }
  }

  private void hello(Connection mine, List<OfAttempt> attempts, Optional<ClusterEpoch> last) {
    if (!headIsUp) {
      mine.cut();
      return;
    }
    check(last.isEmpty() || last.get().epoch() <= epoch, "the node has seen what is yet to come");
    if (session != null) {
      session.cut();
    }
    session = mine;
    absences++;
    var mentioned = attempts.stream().map(OfAttempt::attempt).toList();
    for (var wish : wishes.values()) {
      check(
          !wish.told || wish.acknowledged || mentioned.contains(wish.id()),
          wish.id() + " was forgotten before its end was acknowledged");
    }
    attempts.stream()
        .filter(
            told ->
                !(told instanceof Ended
                    && mistakes.contains(Mistake.A_CONNECTION_BEGINS_WITHOUT_THE_ENDS)))
        .forEach(told -> hear(told));
    mine.toNode(
        new Input.Welcomed(
            "head:5800", new ClusterEpoch(CLUSTER, epoch), "lab", Duration.ofSeconds(15)));
    sendOrders();
  }

  private void hear(OfAttempt told) {
    var wish = Objects.requireNonNull(wishes.get(told.attempt()));
    switch (told) {
      case Running _ -> wish.told = true;
      case Ended ended -> {
        checkIsTrue(ended);
        wish.neverRan |= ended.reason() == EndReason.RECALLED;
        if (keeper.known().contains(ended.attempt())) {
          wish.told = true;
          check(wish.toldEnd == null || wish.toldEnd.equals(ended), "another end: " + ended);
          wish.toldEnd = ended;
        } else if (!wish.acknowledged) {
          // The agent alone says so, and forgets it when it dies.
          wish.neverRan = true;
        }
        if (mistakes.contains(Mistake.AN_END_IS_ACKNOWLEDGED_BEFORE_IT_IS_COMMITTED)) {
          acknowledge(wish);
        }
        var at = epoch;
        time.in(
            time.delay(LINK_MICROS),
            () -> {
              if (headIsUp && epoch == at) {
                wish.committed = ended;
                acknowledge(wish);
              }
            });
      }
      case Report.Accepted _ -> {}
    }
  }

  private void checkIsTrue(Ended ended) {
    var id = ended.attempt();
    check(!keeper.runs(id), id + " is said to have ended, but runs");
    switch (ended.outcome().status()) {
      case ExitStatus.Code(var code) ->
          check(keeper.code(id) == code, id + " did not end with code " + code);
      default ->
          check(
              !keeper.hasStarted(id) || ended.reason() != EndReason.START_FAILED,
              id + " is said not to have started, but it has");
    }
  }

  private void acknowledge(Wish wish) {
    if (session != null) {
      wish.acknowledged = true;
      session.toNode(
          AgentMachineScript.orders(List.of(), List.of(), List.of(), List.of(wish.id())));
    }
  }

  /// All that is wanted, however often that was said.
  private void sendOrders() {
    if (session == null || !headIsUp) {
      return;
    }
    var starts = new ArrayList<Start>();
    var recalls = new ArrayList<AttemptId>();
    var stops = new ArrayList<Request.Stop>();
    for (var wish : wishes.values()) {
      if (wish.committed == null) {
        if (wish.stop || wish.givenUp) {
          stops.add(new Request.Stop(wish.id(), EndReason.CANCELED, "", 5_000));
        } else if (wish.recall && !wish.told) {
          recalls.add(wish.id());
        } else {
          starts.add(wish.start);
        }
      }
    }
    session.toNode(AgentMachineScript.orders(starts, recalls, stops, List.of()));
  }
}
