package org.capataz.headnode.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.capataz.headnode.loop.RunningLoop.ended;
import static org.capataz.headnode.loop.RunningLoop.greeting;
import static org.capataz.headnode.loop.RunningLoop.job;
import static org.capataz.headnode.loop.RunningLoop.task;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.capataz.headnode.loop.GatedStore.Failure;
import org.capataz.headnode.loop.HeardConnection.Heard;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class EngineLoopTest {

  @TempDir Path directory;

  private RunningLoop running;
  private EngineLoop loop;
  private final HeardConnection connection = new HeardConnection();

  @BeforeEach
  void start() {
    running = new RunningLoop(directory);
    loop = running.loop();
  }

  @AfterEach
  void stop() throws InterruptedException {
    running.close();
  }

  private boolean isReachable(int node) {
    return loop.read(state -> Objects.requireNonNull(state.node(node)).reachable()).join();
  }

  private static void assertUnavailable(CompletableFuture<?> answer) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(answer::get)
        .withCauseInstanceOf(Unavailable.class);
  }

  // Commits.

  @Test
  void nobodyHearsOfAnythingBeforeItsCommitReturned() throws Exception {
    running.connect("n1", 2, connection);
    assertThat(connection.next()).isInstanceOf(Heard.Welcomed.class);
    assertThat(connection.next()).isInstanceOf(Heard.Ordered.class);
    var sequence = loop.board().sequence();
    running.switches().hold();

    var answer = loop.ask(running.submission(job(task())));
    running.switches().awaitHeld();

    assertThat(answer).isNotDone();
    assertThat(loop.board().jobs()).isEmpty();
    assertThat(loop.board().sequence()).isEqualTo(sequence);
    assertThat(connection.isSilent()).isTrue();

    running.switches().letGo();
    assertThat(answer.get().orElseThrow()).isEqualTo(1);
    assertThat(loop.board().jobs()).containsOnlyKeys(1);
    assertThat(loop.board().sequence()).isGreaterThan(sequence);
    assertThat(connection.nextOrders().starts()).hasSize(1);
  }

  @Test
  void theEndOfAnAttemptIsAcknowledgedOnlyAfterItsCommit() throws Exception {
    var node = running.connect("n1", 2, connection);
    running.submit(job(task()));
    var attempt = connection.nextOrders().starts().getFirst().attempt().id();
    running.switches().hold();

    var answer = loop.ask(new Command.Report(node, List.of(ended(attempt))));
    running.switches().awaitHeld();
    assertThat(connection.isSilent()).isTrue();

    running.switches().letGo();
    assertThat(connection.nextOrders().over()).containsExactly(attempt);
    assertThat(answer).isDone();
  }

  @Test
  void aReadSeesOnlyWhatIsCommitted() throws Exception {
    running.switches().hold();
    running.switches().fail(Failure.NOTHING_STORED);
    var lost = loop.ask(running.submission(job(task())));
    running.switches().awaitHeld();

    var jobs = loop.read(state -> state.jobs().size());
    assertThat(jobs).isNotDone();

    running.switches().letGo();
    assertUnavailable(lost);
    assertThat(jobs.get()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aRepeatAfterAFailedCommitMakesExactlyOneJob(Failure failure) throws Exception {
    var request = running.submission(job(task()));
    running.switches().fail(failure);
    assertUnavailable(loop.ask(request));

    assertThat(loop.ask(request).get().orElseThrow()).isEqualTo(1);
    assertThat(loop.ask(request).get().orElseThrow()).isEqualTo(1);
    assertThat(loop.board().jobs()).containsOnlyKeys(1);
    assertThat(loop.<Integer>read(state -> state.jobs().size()).get()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aFailedCommitRaisesTheEpochAndHasNodesConnectAgain(Failure failure) throws Exception {
    running.connect("n1", 2, connection);
    var epoch = loop.store().epoch();
    running.switches().fail(failure);

    assertUnavailable(loop.ask(running.submission(job(task()))));

    assertThat(connection.closed()).contains("starts over");
    assertThat(loop.<Long>read(state -> state.epoch()).get()).isGreaterThan(epoch);
    var again = new HeardConnection();
    var node = running.connect("n1", 2, again);
    assertThat(again.next()).isEqualTo(new Heard.Welcomed(node, loop.store().epoch()));
  }

  @Test
  void whatComesWhileTheStoreIsOpenedAgainKeepsItsOrder() throws Exception {
    running.connect("n1", 2, connection);
    var early = new HeardConnection();
    running
        .switches()
        .whenClosed(
            () -> {
              var _ = running.greet(greeting("n1", 2), early);
            });
    running.whenReopened(() -> loop.leave(early));
    running.switches().fail(Failure.NOTHING_STORED);

    assertUnavailable(loop.ask(running.submission(job(task()))));

    assertThat(early.next()).isInstanceOf(Heard.Welcomed.class);
    assertThat(isReachable(1)).isFalse();
    running.switches().whenClosed(() -> {});
  }

  @Test
  void aStoreThatCannotBeOpenedAtOnceIsOpenedLater() throws Exception {
    var waiting = new CompletableFuture<CompletableFuture<Integer>>();
    running.whenReopened(
        () -> {
          running.whenReopened(() -> {});
          waiting.complete(loop.read(state -> state.jobs().size()));
          throw new IllegalStateException("the disk is away");
        });
    running.switches().fail(Failure.NOTHING_STORED);

    assertUnavailable(loop.ask(running.submission(job(task()))));
    assertUnavailable(waiting.get());
    assertThat(running.submit(job(task()))).isEqualTo(1);
  }

  // Connections.

  @Test
  void aSecondConnectionOfANodeReplacesTheFirst() throws Exception {
    var node = running.connect("n1", 2, connection);
    var second = new HeardConnection();
    assertThat(running.connect("n1", 2, second)).isEqualTo(node);
    assertThat(connection.closed()).contains("took its place");

    loop.leave(connection);
    assertThat(isReachable(node)).isTrue();
    running.submit(job(task()));
    assertThat(second.nextOrders().starts()).hasSize(1);

    loop.leave(second);
    assertThat(isReachable(node)).isFalse();
  }

  @Test
  void aNodeThatComesBackIsToldAgainWhatItHasToStart() throws Exception {
    running.connect("n1", 2, connection);
    running.submit(job(task()));
    var first = connection.nextOrders().starts().getFirst().attempt().id();
    loop.leave(connection);

    var again = new HeardConnection();
    running.connect("n1", 2, again);

    assertThat(again.nextOrders().starts())
        .singleElement()
        .satisfies(start -> assertThat(start.attempt().id()).isEqualTo(first));
  }

  @Test
  void aNodeThatComesBackIsToldAgainWhatItHasToStop() throws Exception {
    var node = running.connect("n1", 2, connection);
    var id = running.submit(job(task()));
    var attempt = connection.nextOrders().starts().getFirst().attempt().id();
    var runs = new AttemptReport.Running(attempt, 1_000);
    running.carryOut(new Command.Report(node, List.of(runs)));
    running.carryOut(
        new Command.CancelJob(id, Command.Manner.FORCED, new Command.Author("ada", "enough")));
    assertThat(connection.nextOrders().stops()).hasSize(1);
    loop.leave(connection);

    var again = new HeardConnection();
    running.connect("n1", 2, again, runs);

    assertThat(again.nextOrders().stops())
        .containsExactly(new Connection.ToStop(attempt, "canceled by ada: enough", 0));
  }

  @Test
  void aNodeThatWasGivenUpIsToldToStopWhatItStillRuns() throws Exception {
    var node = running.connect("n1", 2, connection);
    running.submit(job(task()));
    var attempt = connection.nextOrders().starts().getFirst().attempt().id();
    running.carryOut(new Command.Report(node, List.of(new AttemptReport.Running(attempt, 1_000))));
    loop.leave(connection);
    loop.ask(new Command.LoseNode("n1", new Command.Author("ana", ""))).get().orElseThrow();

    var again = new HeardConnection();
    running.connect("n1", 2, again, new AttemptReport.Running(attempt, 1_000));

    var stop = again.nextOrders().stops().getFirst();
    assertThat(stop.attempt()).isEqualTo(attempt);
    assertThat(stop.graceMicros()).isZero();
  }

  @Test
  void aClockThatIsSetDoesNotShortenTheWaitForANode() throws Exception {
    running.connect("n1", 2, connection);
    running.carryOut(
        new Command.ChangeSettings(Map.of(ClusterParameter.NODE_LOST_RERUN_AFTER, "60"), Map.of()));
    running.submit(job(task()));
    var attempt = connection.nextOrders().starts().getFirst().attempt().id();
    loop.leave(connection);
    running.carryOut(new Command.Tick());

    running.setClock(86_400_000_000L);
    running.carryOut(new Command.Tick());
    running.after(59_000_000);
    running.carryOut(new Command.Tick());
    assertThat(isLive(attempt)).isTrue();
    running.after(2_000_000);
    running.carryOut(new Command.Tick());
    assertThat(isLive(attempt)).isFalse();
  }

  @Test
  void aJobsTimeRunsWhileTheMachineIsSuspendedAndNotByAClockThatIsSet() throws Exception {
    running.connect("n1", 2, connection);
    running.submit(job(task()).with(JobProperty.RUNTIME_SECONDS, "3600"));

    running.setClock(86_400_000_000L);
    running.carryOut(new Command.Tick());
    assertThat(state(1)).isEqualTo(JobState.RUNNING);
    running.suspend(3_600_000_000L);
    running.carryOut(new Command.Tick());
    assertThat(state(1)).isEqualTo(JobState.CANCELING);
  }

  private JobState state(int job) {
    return loop.read(state -> Objects.requireNonNull(state.job(job)).life().state()).join();
  }

  private boolean isLive(AttemptId attempt) {
    return loop.read(state -> state.attempt(attempt) != null).join();
  }

  @Test
  void whatEndsInTheBatchInWhichItsNodeConnectsIsNotStartedAgain() throws Exception {
    var node = running.connect("n1", 2, connection);
    running.submit(job(task()));
    var attempt = connection.nextOrders().starts().getFirst().attempt().id();
    running.switches().hold();
    var other = loop.ask(running.submission(job(task())));
    running.switches().awaitHeld();

    var again = new HeardConnection();
    var welcome = running.greet(greeting("n1", 2), again);
    var report = loop.ask(new Command.Report(node, List.of(ended(attempt))));
    running.switches().letGo();
    CompletableFuture.allOf(other, welcome, report).join();

    var orders = again.nextOrders();
    assertThat(orders.over()).containsExactly(attempt);
    assertThat(orders.starts()).noneMatch(start -> start.attempt().id().equals(attempt));
    assertThat(Objects.requireNonNull(loop.board().job(1)).state()).isEqualTo(JobState.FINISHED);
  }

  // The end.

  @Test
  void stopRefusesWhatComesLater() throws Exception {
    running.connect("n1", 2, connection);
    running.switches().hold();
    var stored = loop.ask(running.submission(job(task())));
    running.switches().awaitHeld();
    loop.stop();
    var behind = loop.ask(running.submission(job(task())));
    running.close();

    assertThat(stored.get().orElseThrow()).isEqualTo(1);
    assertUnavailable(behind);
    assertThat(connection.closed()).contains("stops");
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> loop.board().awaitAfter(loop.board().sequence(), 100));
  }

  @Test
  void aLoopThatHasEndedRefusesAtOnce() throws Exception {
    running.close();

    var late = new HeardConnection();
    assertUnavailable(loop.ask(running.submission(job(task()))));
    assertUnavailable(loop.read(state -> state.jobs().size()));
    assertUnavailable(running.greet(greeting("n1", 2), late));
    assertThat(late.closed()).contains("stops");
  }
}
