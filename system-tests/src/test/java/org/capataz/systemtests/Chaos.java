package org.capataz.systemtests;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.capataz.client.Cluster;

/// A cluster whose programs die and whose links fail, as a seed says. All that is chosen is chosen
/// by one thread in one order, so that a seed repeats the plan, if not what comes of it.
final class Chaos implements AutoCloseable {

  /// Faults that are under way at once, at most.
  private static final int AT_ONCE = 3;

  private static final int CORES = 4;

  /// What may happen. Programs that were killed are started again after a while, and links healed.
  enum Fault {
    HEAD_KILLED(4),
    HEAD_KILLED_AS_IT_STARTS(2),
    HEAD_PAUSED(1),
    AGENT_KILLED(6),
    AGENT_PAUSED(2),
    KEEPER_KILLED(4),
    KEEPER_AND_AGENT_KILLED(3),
    HEAD_AND_ALL_AGENTS_KILLED(1),
    LINK_CUT(5),
    LINK_SILENT(3),
    LINK_SILENT_ONE_WAY(3),
    LINK_SLOW(2),
    LINK_FLAPS(2);

    private final int usualWeight;

    Fault(int usualWeight) {
      this.usualWeight = usualWeight;
    }
  }

  /// How often each fault is chosen, beside the others.
  record Mix(Map<Fault, Integer> weights) {

    static Mix usual() {
      var weights = new EnumMap<Fault, Integer>(Fault.class);
      for (var fault : Fault.values()) {
        weights.put(fault, fault.usualWeight);
      }
      return new Mix(weights);
    }

    /// @param text changes to this mix, as `HEAD_KILLED=10,KEEPER_KILLED=0`
    Mix with(String text) {
      var changed = new EnumMap<>(weights);
      for (var change : text.isEmpty() ? new String[0] : text.split(",", -1)) {
        var parts = change.split("=", -1);
        changed.put(Fault.valueOf(parts[0]), Integer.valueOf(parts[1]));
      }
      return new Mix(changed);
    }

    Fault choose(Random random) {
      var left = random.nextInt(weights.values().stream().mapToInt(Integer::intValue).sum());
      for (var entry : weights.entrySet()) {
        left -= entry.getValue();
        if (left < 0) {
          return entry.getKey();
        }
      }
      throw new IllegalStateException("expected a mix of faults, but all weights are 0");
    }
  }

  /// A node and the link over which it finds the head node. One fault at a time.
  private final class Member {
    private final String name;
    private final Network.Link link;
    private final ReentrantLock lock = new ReentrantLock();
    private NodeProcess process;

    Member(String name) {
      this.name = name;
      link = network.link(name);
      process = start();
    }

    private NodeProcess start() {
      return new NodeProcess(
          site,
          network.entrance(name),
          link.address(),
          head.nodeToken(),
          name,
          List.of("--cores=" + CORES, "--no-bind"));
    }

    void killKeeper(boolean agentToo, long downMillis) {
      deaths.add(new Verdict.Death(name, Instant.now()));
      if (agentToo) {
        process.findAgent().ifPresent(ProcessHandle::destroyForcibly);
      }
      process.killKeeper();
      pause(downMillis);
      process = start();
    }

    void killAgent() {
      process.findAgent().ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private final Site site;
  private final Path log;
  private final Random random;
  private final Mix mix;
  private final HeadProcess head;
  private final ReentrantLock headLock = new ReentrantLock();
  private final Network network;
  private final Network.Link clients;
  private final List<Member> members;
  private final List<Verdict.Death> deaths = new CopyOnWriteArrayList<>();
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

  Chaos(Site site, Network network, int nodes, long seed, Mix mix) {
    this.site = site;
    this.network = network;
    this.random = new Random(seed);
    this.mix = mix;
    log = site.file("chaos.log");
    head = HeadProcess.start(site, network.entrance(), network.address());
    clients = network.link(Network.CLIENTS);
    members = IntStream.rangeClosed(1, nodes).mapToObj(i -> new Member("n" + i)).toList();
    try (var cluster = connect()) {
      Patience.until("all nodes", () -> cluster.nodes().size() == nodes);
    }
  }

  /// A connection over the clients' link, which fails as the others do.
  Cluster connect() {
    return head.connect(clients.address());
  }

  HeadProcess head() {
    return head;
  }

  /// Does so many faults, evenly spread over a time, and waits until all is as it was.
  void rage(int faults, Duration time) throws InterruptedException {
    var permits = new Semaphore(AT_ONCE);
    var gap = time.toMillis() / faults;
    var running = new ArrayList<Future<?>>();
    try (var executor = Executors.newCachedThreadPool()) {
      for (var i = 0; i < faults; i++) {
        pause(random.nextLong(2 * gap + 1));
        permits.acquire();
        var fault = plan();
        running.add(
            executor.submit(
                () -> {
                  try {
                    fault.run();
                  } finally {
                    permits.release();
                  }
                }));
      }
    }
    for (var fault : running) {
      try {
        fault.get();
      } catch (ExecutionException broken) {
        throw new AssertionError("a fault could not be done", broken.getCause());
      }
    }
  }

  private Runnable plan() {
    var fault = mix.choose(random);
    done.merge(fault, 1, Integer::sum);
    var member = members.get(random.nextInt(members.size()));
    // Half of all is over at once, so that what is lost meets what just begins.
    var millis = random.nextBoolean() ? random.nextLong(30) : random.nextLong(3000);
    var there = random.nextBoolean();
    var link = random.nextInt(members.size() + 1) == 0 ? clients : member.link;
    note(fault + " " + (link.equals(clients) ? "clients" : member.name) + ", " + millis + " ms");
    return switch (fault) {
      case HEAD_KILLED -> locked(headLock, () -> killHead(millis));
      case HEAD_KILLED_AS_IT_STARTS ->
          locked(
              headLock,
              () -> {
                head.kill();
                head.startAgainAndKill(millis);
                head.startAgain();
              });
      case HEAD_PAUSED -> locked(headLock, () -> stopAWhile(head.pid(), millis));
      case AGENT_KILLED -> locked(member.lock, member::killAgent);
      case AGENT_PAUSED ->
          locked(
              member.lock,
              () -> member.process.findAgent().ifPresent(agent -> stopAWhile(agent.pid(), millis)));
      case KEEPER_KILLED -> locked(member.lock, () -> member.killKeeper(false, millis));
      case KEEPER_AND_AGENT_KILLED -> locked(member.lock, () -> member.killKeeper(true, millis));
      case HEAD_AND_ALL_AGENTS_KILLED ->
          locked(
              headLock,
              () -> {
                members.forEach(each -> locked(each.lock, each::killAgent).run());
                killHead(millis);
              });
      case LINK_CUT -> link::cut;
      case LINK_SILENT -> () -> hold(link, true, true, millis);
      case LINK_SILENT_ONE_WAY -> () -> hold(link, there, !there, millis);
      case LINK_SLOW ->
          () -> {
            link.slow(50);
            pause(millis);
            link.heal();
          };
      case LINK_FLAPS ->
          () -> {
            for (var times = 0; times < 5; times++) {
              link.cut();
              pause(millis / 5);
            }
          };
    };
  }

  /// Says what happens, for whoever has to explain what came of it.
  void note(String what) {
    try {
      Files.writeString(log, Instant.now() + " " + what + "\n", CREATE, APPEND);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Runnable locked(ReentrantLock lock, Runnable fault) {
    return () -> {
      lock.lock();
      try {
        fault.run();
      } finally {
        lock.unlock();
      }
    };
  }

  private void killHead(long downMillis) {
    head.kill();
    pause(downMillis);
    head.startAgain();
  }

  /// What was held back is lost or arrives late, as the length of the silence has it.
  private static void hold(Network.Link link, boolean there, boolean back, long millis) {
    link.hold(there, back);
    pause(millis);
    if (millis % 2 == 0) {
      link.cut();
    }
    link.heal();
  }

  private static void stopAWhile(long pid, long millis) {
    signal("STOP", pid);
    pause(millis);
    signal("CONT", pid);
  }

  private static void signal(String name, long pid) {
    try {
      // The process may have ended meanwhile.
      var _ = new ProcessBuilder("kill", "-s", name, Long.toString(pid)).start().waitFor();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /// How many faults there were of each kind.
  Map<Fault, Integer> faults() {
    return done;
  }

  /// When which keeper was killed.
  List<Verdict.Death> deaths() {
    return List.copyOf(deaths);
  }

  /// Stops all nodes and then the head node, in good order.
  void stop() throws InterruptedException {
    for (var member : members) {
      assertThat(member.process.stop()).isZero();
    }
    assertThat(head.stop()).isZero();
  }

  @Override
  public void close() {
    network.close();
  }
}
