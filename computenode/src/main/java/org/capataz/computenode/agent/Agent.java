package org.capataz.computenode.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.capataz.computenode.agent.AgentMachine.Now;
import org.capataz.computenode.keeper.KeeperLink;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.computenode.keeper.Request;
import org.capataz.computenode.process.Processes;
import org.capataz.model.Topology;
import org.capataz.wire.TokenFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The world round an [AgentMachine]: one thread takes what has arrived from keeper and head node,
/// asks the machine, and does what it says.
public final class Agent {

  private static final Logger log = LoggerFactory.getLogger(Agent.class);

  /// Inputs in one turn, so that a flood does not delay what must be sent.
  private static final int TURN = 1000;

  /// Something that arrived, or the keeper's end.
  private sealed interface Arrival {
    record FromKeeper(Input input) implements Arrival {}

    record FromHead(HeadLink.Arrival arrival) implements Arrival {}

    record Read(OutputPiece piece) implements Arrival {}

    record KeeperGone() implements Arrival {}
  }

  private final BlockingQueue<Arrival> inbox = new LinkedBlockingQueue<>();
  private final KeeperLink keeper;
  private final NodeDirectory directory;
  private final OutputReader outputs;
  private final HeadLink head;
  private final AgentMachine machine;

  /// The agent of this machine.
  ///
  /// @throws IOException if the data directory, which must exist, cannot be read or written
  public static Agent create(NodeSettings settings, KeeperLink keeper) throws IOException {
    var directory = new NodeDirectory(settings.data());
    var profile = profile(settings, directory.node(UUID.randomUUID()), Machine.found());
    var executions =
        new Executions(
            settings.name(),
            Login.of(System.getenv()),
            profile.cpus(),
            new ParallelFiles(settings.data()),
            settings.heads());
    return new Agent(
        keeper,
        new TokenHeads(settings.heads(), TokenFiles.ofUser()),
        new AgentMachine(profile, executions, directory.seen(), new SplittableRandom()),
        directory,
        new OutputReader(executions, settings.data()));
  }

  private static NodeProfile profile(NodeSettings settings, UUID node, Machine machine) {
    var cores = settings.offer().cores().orElse(machine.cores());
    var memoryMb = settings.offer().memoryMb().orElse(machine.memoryMb());
    if (cores > machine.cores()) {
      log.warn("offering {} cores, but found {}: tasks will share them", cores, machine.cores());
    }
    if (memoryMb > machine.memoryMb()) {
      log.warn("offering {} MB of memory, but found {} MB", memoryMb, machine.memoryMb());
    }
    var gpus = settings.offer().gpus().orElse(machine.gpus().size());
    var sockets = settings.offer().sockets();
    var topology =
        sockets.isPresent()
            ? Topology.even(cores, sockets.getAsInt(), gpus)
            : machine.topology(cores, gpus);
    // What offers fewer cores than there are shares the machine with something: which cores are
    // its own, nobody knows.
    var binds =
        settings.offer().binds() && cores == machine.cores() && cores == machine.cpus().size();
    return new NodeProfile(
        node,
        settings.name(),
        settings.address(),
        machine,
        topology,
        memoryMb,
        settings.groups(),
        binds ? machine.cpus().stream().map(Machine.Cpu::id).toList() : List.of());
  }

  Agent(
      KeeperLink keeper,
      HeadNodes heads,
      AgentMachine machine,
      NodeDirectory directory,
      OutputReader outputs) {
    this.keeper = keeper;
    this.head = new HeadLink(heads, arrival -> inbox.add(new Arrival.FromHead(arrival)));
    this.machine = machine;
    this.directory = directory;
    this.outputs = outputs;
  }

  /// Works until the keeper is gone.
  ///
  /// @throws IOException if the data directory cannot be written
  public void run() throws IOException, InterruptedException {
    var reader = Thread.ofPlatform().daemon().name("keeper").start(this::listenToKeeper);
    try {
      keeper.send(new Request.ListAttempts());
      while (turn()) {}
    } finally {
      head.close();
      outputs.close();
      reader.interrupt();
    }
  }

  private void listenToKeeper() {
    try {
      for (var report = keeper.receive(); report != null; report = keeper.receive()) {
        inbox.add(new Arrival.FromKeeper(new Input.Reported(report)));
      }
    } catch (IOException broken) {
      log.debug("the keeper is gone", broken);
    }
    inbox.add(new Arrival.KeeperGone());
  }

  /// Waits until there is something to do, and does it.
  ///
  /// @return whether there is a keeper to go on for
  private boolean turn() throws IOException, InterruptedException {
    var arrivals = arrivals();
    var inputs = new ArrayList<Input>();
    var ofHead = 0;
    for (var arrival : arrivals) {
      switch (arrival) {
        case Arrival.FromKeeper(var input) -> inputs.add(input);
        case Arrival.Read(var piece) -> inputs.add(new Input.Answered(piece));
        case Arrival.FromHead(var fromHead) when head.isCurrent(fromHead) -> {
          inputs.add(fromHead.input());
          ofHead++;
        }
        case Arrival.FromHead _ -> {}
        case Arrival.KeeperGone() -> {
          return false;
        }
      }
    }
    perform(machine.on(inputs, now()));
    while (ofHead-- > 0) {
      head.requestNext();
    }
    return true;
  }

  private List<Arrival> arrivals() throws InterruptedException {
    var arrivals = new ArrayList<Arrival>();
    var wait = Math.max(0, machine.nextWakeup() - now().nanos());
    var first = inbox.poll(wait, TimeUnit.NANOSECONDS);
    if (first != null) {
      arrivals.add(first);
      inbox.drainTo(arrivals, TURN - 1);
    }
    return arrivals;
  }

  private Now now() {
    var millis = System.currentTimeMillis();
    return new Now(Processes.nanosSinceBoot(), TimeUnit.MILLISECONDS.toMicros(millis));
  }

  private void perform(List<Action> actions) throws IOException {
    var requests = new ArrayList<Request>();
    for (var action : actions) {
      switch (action) {
        case Action.Connect connect -> head.open(connect);
        case Action.Disconnect() -> head.close();
        case Action.Keep(var seen) -> directory.keep(seen);
        case Action.Send(var attempts) -> head.send(NodeMessages.report(attempts));
        case Action.Beat(var nanos) -> head.send(NodeMessages.heartbeat(nanos));
        case Action.Answer(var piece) -> head.send(NodeMessages.output(piece));
        case Action.Pass(var request) -> head.send(BranchMessages.toNode(request));
        case Action.PassNews(var news) -> head.send(BranchMessages.toNode(news));
        case Action.Read(var query) ->
            outputs.read(query, piece -> inbox.add(new Arrival.Read(piece)));
        case Action.Ask(var request) -> requests.add(request);
        case Action.Say(var level, var line) -> say(level, line);
      }
    }
    if (!requests.isEmpty()) {
      keeper.send(requests);
    }
  }

  private static void say(Action.Level level, String line) {
    switch (level) {
      case INFO -> log.info(line);
      case WARNING -> log.warn(line);
    }
  }
}
