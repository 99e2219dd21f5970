package org.capataz.headnode.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.LongStream;
import org.capataz.headnode.store.JournalRecord;
import org.capataz.model.JobLabels;
import org.capataz.model.JobState;
import org.capataz.model.Priority;
import org.capataz.model.Span;
import org.capataz.model.Unit;
import org.capataz.scheduler.state.Facts;
import org.capataz.scheduler.state.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoardTest {

  private static final long MORE_THAN_IS_KEPT = 10_000;

  private final Board board = new Board();

  private static JournalRecord commit(long sequence) {
    return new JournalRecord(sequence, 1, 1, sequence, List.of());
  }

  private void publish(long... sequences) {
    board.publish(
        List.of(), List.of(), LongStream.of(sequences).mapToObj(BoardTest::commit).toList());
  }

  private static JobView job(int id) {
    return new JobView(
        id,
        "job",
        "ana",
        JobState.QUEUED,
        Priority.NORMAL,
        new JobView.Times(1, 1, 0, 0),
        new Job.Counts(1, 0, 0, 0, 0),
        "",
        Unit.CORE,
        new Span(1, 1),
        0,
        0,
        id,
        new JobLabels("", "Default"),
        Facts.Progress.UNSAID);
  }

  /// Has a thread of its own wait, and waits until it does.
  private static <T> FutureTask<T> waiting(FutureTask<T> task) {
    awaitBlocked(Thread.ofPlatform().daemon().start(task));
    return task;
  }

  private static void awaitBlocked(Thread thread) {
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatCameAfterASequenceNumberIsGivenInOrder() throws Exception {
    publish(1, 2);
    publish(3);

    assertThat(board.awaitAfter(1, 100))
        .extracting(JournalRecord::sequence)
        .containsExactly(2L, 3L);
    assertThat(board.sequence()).isEqualTo(3);
  }

  @Test
  void whoHasSeenAllWaitsForTheNextCommit() throws Exception {
    publish(1);
    var watcher = waiting(new FutureTask<>(() -> board.awaitAfter(1, 100)));
    assertThat(watcher.isDone()).isFalse();

    publish(2);

    assertThat(watcher.get()).extracting(JournalRecord::sequence).containsExactly(2L);
  }

  @Test
  void whoIsTooFarBehindIsSentToTheStore() throws Exception {
    LongStream.rangeClosed(1, MORE_THAN_IS_KEPT).forEach(this::publish);

    assertThat(board.awaitAfter(1, 100)).isNull();
    assertThat(board.awaitAfter(MORE_THAN_IS_KEPT - 1, 100)).hasSize(1);
  }

  @Test
  void whatWasCommittedBeforeTheStoreWasOpenedIsInTheStoreAlone() throws Exception {
    board.reset(List.of(job(1)), List.of(), 7);

    assertThat(board.sequence()).isEqualTo(7);
    assertThat(board.awaitAfter(6, 100)).isNull();
    publish(8);
    assertThat(board.awaitAfter(7, 100)).hasSize(1);
  }

  @Test
  void whoWaitsWhileTheStoreIsOpenedAgainLearnsOfWhatWasStoredAllTheSame() throws Exception {
    publish(1);
    var watcher = waiting(new FutureTask<>(() -> board.awaitAfter(1, 100)));

    board.reset(List.of(), List.of(), 2);

    assertThat(watcher.get()).isNull();
  }

  @Test
  void closingLetsAllWhoWaitGo() throws Exception {
    var watcher = waiting(new FutureTask<>(() -> board.awaitAfter(0, 100)));

    board.close();

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(watcher::get)
        .withCauseInstanceOf(InterruptedException.class);
  }

  /// Views whose last one is reached only after something was done.
  private static List<JobView> jobsWithPause(Runnable pause, JobView... jobs) {
    return new AbstractList<>() {
      @Override
      public JobView get(int index) {
        if (index == jobs.length - 1) {
          pause.run();
        }
        return jobs[index];
      }

      @Override
      public int size() {
        return jobs.length;
      }
    };
  }

  @Test
  void whoSeesAJobAsACommitLeftItSeesThatCommitsNumberToo() throws Exception {
    var seen = new CompletableFuture<Long>();
    var reader =
        Thread.ofPlatform()
            .daemon()
            .unstarted(() -> seen.complete(board.job(1) == null ? -1 : board.sequence()));
    board.publish(
        jobsWithPause(
            () -> {
              reader.start();
              awaitBlocked(reader);
            },
            job(1),
            job(2)),
        List.of(),
        List.of(commit(1)));

    assertThat(seen.get()).isEqualTo(1);
  }

  @Test
  void noJobIsAwayWhileTheStoreIsOpenedAgain() {
    board.publish(List.of(job(1), job(2)), List.of(), List.of(commit(1)));
    var found = new CompletableFuture<Boolean>();

    board.reset(
        jobsWithPause(() -> found.complete(board.job(2) != null), job(1), job(2)), List.of(), 1);

    assertThat(found).isCompletedWithValue(true);
  }
}
