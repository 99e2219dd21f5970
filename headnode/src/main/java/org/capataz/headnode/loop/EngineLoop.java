package org.capataz.headnode.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.capataz.headnode.store.JournalRecord;
import org.capataz.headnode.store.Store;
import org.capataz.headnode.store.StoreException;
import org.capataz.headnode.view.Board;
import org.capataz.headnode.view.JobView;
import org.capataz.headnode.view.NodeView;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobDraft;
import org.capataz.model.Result;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.Engine;
import org.capataz.scheduler.engine.QueueOutlook;
import org.capataz.scheduler.engine.Trial;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.policy.Policy;
import org.capataz.scheduler.state.ClusterState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The only thread that may touch the [ClusterState]. Each turn: take what has arrived, decide,
/// commit once for the whole batch, and only then let anyone see the outcome. While one batch
/// commits, the next gathers, so that batches grow by themselves under load.
///
/// A commit that fails discards the state, never the truth: the store is opened again, and the
/// state rebuilt from it, before anything else is answered.
public final class EngineLoop implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

  /// Bounds of a batch, which bound how long its commit takes and others wait.
  private static final int MOST_ITEMS = 512;

  private static final int MOST_EVENTS = 512;

  /// Queued jobs that stay set up though nothing happens to them: those that are looked at again
  /// and again.
  private static final int MOST_AWAKE = 64;

  /// How far the clocks may part before the one that people set counts as set: little beside any
  /// lease.
  private static final long MOST_DRIFT_MICROS = 1_000_000;

  private static final long FIRST_RETRY_MILLIS = 100;
  private static final long LAST_RETRY_MILLIS = 5_000;
  private static final String STOPS = "the head node stops; try again when it is back";

  private final StoreOpener opener;
  private final Policy policy;
  private final Clock clock;
  private final Board board;
  private final BlockingQueue<Item> inbox = new LinkedBlockingQueue<>();
  private final Map<Integer, Connection> connections = new HashMap<>();
  private final List<Event> events = new ArrayList<>();
  private final BlockingQueue<Activation.Question> questions = new LinkedBlockingQueue<>();
  private volatile Store store;
  private volatile ClusterSettings settings;
  private ClusterState state;
  private Engine engine;

  /// By how much the clock that people set is ahead of the two others.
  private long ahead;

  private long aheadOfUptime;

  /// Whether the journal may begin with what only deleted jobs needed.
  private boolean trim;

  private volatile boolean stopping;
  private volatile boolean over;

  /// Opens the store, again and again if it must.
  @FunctionalInterface
  public interface StoreOpener {
    Store open();
  }

  /// Tells the time.
  @FunctionalInterface
  public interface Clock {
    /// Microseconds since 1970.
    long micros();

    /// Microseconds since whenever, by a clock that nobody sets.
    default long steadyMicros() {
      return micros();
    }

    /// As [#steadyMicros], but goes on while the machine is suspended, and takes longer to tell.
    default long uptimeMicros() {
      return steadyMicros();
    }
  }

  /// Something for the loop to do.
  private sealed interface Item {

    record Ask(Command command, CompletableFuture<Result<Integer>> answer) implements Item {}

    record Connect(
        Command.ConnectNode command,
        Connection connection,
        CompletableFuture<Result<Integer>> answer)
        implements Item {}

    record Leave(Connection connection) implements Item {}

    record Read<T>(Function<ClusterState, T> question, CompletableFuture<T> answer)
        implements Item {}

    record Stop() implements Item {}
  }

  /// A loop over a store that has just been opened.
  public EngineLoop(Store store, StoreOpener opener, Policy policy, Clock clock, Board board) {
    this.store = store;
    this.opener = opener;
    this.policy = policy;
    this.clock = clock;
    this.board = board;
    this.state = load(store, board);
    this.settings = state.settings();
    this.engine = begin();
  }

  private Engine begin() {
    var begun = new Engine(state, policy, events::add);
    var now = clock.micros();
    compareClocks(now);
    begun.handle(new Command.TrustClock(0), now);
    return begun;
  }

  private void compareClocks(long now) {
    ahead = now - clock.steadyMicros();
    aheadOfUptime = now - clock.uptimeMicros();
  }

  private static ClusterState load(Store store, Board board) {
    var state = new ClusterState(store.cluster(), store.epoch());
    state.restore(store.load());
    board.reset(
        state.jobs().stream().map(JobView::of).toList(),
        state.nodes().stream().map(NodeView::of).toList(),
        store.sequence());
    return state;
  }

  // For other threads.

  /// Has a command carried out. The answer comes after the commit, on the loop's thread: do little
  /// with it there.
  public CompletableFuture<Result<Integer>> ask(Command command) {
    var answer = new CompletableFuture<Result<Integer>>();
    submit(new Item.Ask(command, answer));
    return answer;
  }

  /// Lets a node in; if it is accepted, its connection is welcomed and given its orders.
  public CompletableFuture<Result<Integer>> connect(
      Command.ConnectNode command, Connection connection) {
    var answer = new CompletableFuture<Result<Integer>>();
    submit(new Item.Connect(command, connection, answer));
    return answer;
  }

  /// A connection is gone.
  public void leave(Connection connection) {
    submit(new Item.Leave(connection));
  }

  /// Reads of the state what the [Board] does not show, between two batches. The question must be
  /// quick, whatever the size of the cluster, and copy what it answers.
  public <T> CompletableFuture<T> read(Function<ClusterState, T> question) {
    var answer = new CompletableFuture<T>();
    submit(new Item.Read<>(question, answer));
    return answer;
  }

  /// What would become of a job if it were submitted now.
  public CompletableFuture<Result<Trial>> tryOut(String owner, JobDraft draft) {
    return read(state -> Trial.of(state, policy, owner, draft, clock.micros()));
  }

  /// The queue as it would be worked through now.
  ///
  /// @param most jobs to tell of
  public CompletableFuture<QueueOutlook> queue(int most) {
    return read(state -> QueueOutlook.of(state, policy, clock.micros(), most));
  }

  /// Waits for the next thing that the activation filter is to be asked. The job is stored, and
  /// shown, by then.
  public Activation.Question nextQuestion() throws InterruptedException {
    return questions.take();
  }

  /// How jobs stand with the activation filter, those for which that matters.
  public CompletableFuture<Map<Integer, Activation.Standing>> activations() {
    return read(ignored -> engine.activations());
  }

  private void submit(Item item) {
    inbox.add(item);
    // Either the loop's last look into the inbox finds the item, or this finds the loop over.
    if (over && inbox.remove(item)) {
      refuse(item, STOPS);
    }
  }

  /// What of the state is public.
  public Board board() {
    return board;
  }

  /// The store of the moment, for reading: it is another one after a commit that failed.
  public Store store() {
    return store;
  }

  /// The time as the engine has it, in microseconds since 1970.
  public long now() {
    return clock.micros();
  }

  /// What administrators have decided, as of the last commit.
  public ClusterSettings settings() {
    return settings;
  }

  /// Ends the loop after the batch at hand; what comes later is refused as [Unavailable].
  public void stop() {
    stopping = true;
    inbox.add(new Item.Stop());
  }

  /// Ends what was never run.
  public void close() {
    store.close();
  }

  // The loop's own thread.

  @Override
  public void run() {
    var batch = new ArrayList<Item>();
    while (!stopping) {
      try {
        gather(batch);
        turn(batch);
      } catch (InterruptedException end) {
        stopping = true;
      } catch (StoreException failed) {
        reopen(failed, batch);
      } catch (RuntimeException broken) {
        LOG.error("a decision failed; the state is rebuilt from the store", broken);
        reopen(broken, batch);
      }
      batch.clear();
    }
    over = true;
    inbox.drainTo(batch);
    batch.forEach(item -> refuse(item, STOPS));
    connections.values().forEach(connection -> connection.close("the head node stops"));
    board.close();
    store.close();
  }

  private void gather(List<Item> batch) throws InterruptedException {
    var wait = engine.nextWakeup() - clock.micros();
    var first =
        engine.nextWakeup() == Long.MAX_VALUE
            ? inbox.take()
            : inbox.poll(Math.max(0, wait), TimeUnit.MICROSECONDS);
    if (first != null) {
      batch.add(first);
    }
  }

  private void turn(List<Item> batch) {
    var now = clock.micros();
    if (Math.abs(now - clock.steadyMicros() - ahead) > MOST_DRIFT_MICROS) {
      // Either the clock was set, or the machine was suspended: then it is as late as it seems.
      var set = now - clock.uptimeMicros() - aheadOfUptime;
      var wasSet = Math.abs(set) > MOST_DRIFT_MICROS;
      LOG.warn(
          wasSet
              ? "the clock was set by {} s; limits and accounts go on as before"
              : "the machine was suspended",
          set / 1_000_000);
      compareClocks(now);
      engine.handle(new Command.TrustClock(wasSet ? set : 0), now);
    }
    var answers = new ArrayList<Runnable>();
    var release = new Release(state, engine, connections);
    for (var next = 0; next < batch.size(); next++) {
      handle(batch.get(next), now, answers, release);
      if (next == batch.size() - 1 && batch.size() < MOST_ITEMS && events.size() < MOST_EVENTS) {
        var more = inbox.poll();
        if (more != null) {
          batch.add(more);
        }
      }
    }
    engine.settle(now);
    var records =
        events.isEmpty() ? List.<JournalRecord>of() : store.commit(List.copyOf(events), state);
    settings = state.settings();
    events.forEach(release::add);
    board.publish(release.jobViews(), release.nodeViews(), records);
    board.forget(release.deletedJobs());
    events.clear();
    answers.forEach(Runnable::run);
    release.send();
    questions.addAll(engine.takeQuestions());
    state.rest(MOST_AWAKE, store::draft);
    trim |= !release.deletedJobs().isEmpty();
    if (trim) {
      trim = store.trimJournal();
    }
  }

  private void handle(Item item, long now, List<Runnable> answers, Release release) {
    switch (item) {
      case Item.Ask(var command, var answer) -> {
        var result = engine.handle(command, now);
        answers.add(() -> answer.complete(result));
        if (command instanceof Command.Report report) {
          release.reported(report);
        }
      }
      case Item.Connect(var command, var connection, var answer) -> {
        var result = engine.handle(command, now);
        if (result instanceof Result.Ok<Integer>(var node)) {
          var former = connections.put(node, connection);
          if (former != null) {
            former.close("another connection of the same node took its place");
          }
          release.connected(node, command);
          answers.add(
              () -> {
                // First the session learns its node, for the node may report as soon as it is
                // welcomed.
                answer.complete(result);
                connection.welcome(
                    new Connection.Greeting(
                        node,
                        state.cluster(),
                        store.clusterName(),
                        state.epoch(),
                        state.settings().number(ClusterParameter.HEARTBEAT_INTERVAL)));
              });
        } else {
          answers.add(() -> answer.complete(result));
        }
      }
      case Item.Leave(var connection) -> {
        var node = nodeOf(connection);
        if (node != null) {
          connections.remove(node);
          // Since the turn began the node may still have been told that it is connected.
          engine.handle(new Command.DisconnectNode(node), Math.max(now, clock.micros()));
        }
      }
      case Item.Read<?> read -> answers.add(() -> answer(read));
      case Item.Stop() -> {}
    }
  }

  private @Nullable Integer nodeOf(Connection connection) {
    return connections.entrySet().stream()
        .filter(entry -> entry.getValue().equals(connection))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private <T> void answer(Item.Read<T> read) {
    try {
      read.answer().complete(read.question().apply(state));
    } catch (RuntimeException failed) {
      read.answer().completeExceptionally(failed);
    }
  }

  /// Gets back to the truth: nobody hears of what was not committed, and nodes connect again.
  private void reopen(Exception cause, List<Item> batch) {
    LOG.error("cannot write: {}", cause.getMessage());
    events.clear();
    questions.clear();
    connections.values().forEach(connection -> connection.close("the head node starts over"));
    connections.clear();
    store.close();
    batch.forEach(item -> refuse(item, why(cause)));
    var delay = FIRST_RETRY_MILLIS;
    while (!stopping) {
      try {
        TimeUnit.MILLISECONDS.sleep(delay);
        store = opener.open();
        state = load(store, board);
        settings = state.settings();
        engine = begin();
        LOG.info("writing again, as epoch {}", state.epoch());
        return;
      } catch (InterruptedException end) {
        stopping = true;
      } catch (RuntimeException again) {
        LOG.warn("still cannot write: {}", again.getMessage());
        // Refused here, and not kept: who waits is to know, and what comes later stays behind it.
        batch.clear();
        inbox.drainTo(batch);
        batch.forEach(item -> refuse(item, why(again)));
        delay = Math.min(LAST_RETRY_MILLIS, delay * 2);
      }
    }
  }

  private static String why(Exception cause) {
    return "the head node cannot write just now: " + cause.getMessage();
  }

  private static void refuse(Item item, String why) {
    switch (item) {
      case Item.Ask ask -> ask.answer().completeExceptionally(new Unavailable(why));
      case Item.Connect connect -> {
        connect.answer().completeExceptionally(new Unavailable(why));
        connect.connection().close(why);
      }
      case Item.Read<?> read -> read.answer().completeExceptionally(new Unavailable(why));
      case Item.Leave l -> {}
      case Item.Stop s -> {}
    }
  }
}
