package org.capataz.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.capataz.client.FakeScheduler.event;

import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.FakeScheduler.Telling;
import org.capataz.model.JobState;
import org.capataz.proto.v1.WatchRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RemoteWatchTest {

  private final FakeScheduler head = new FakeScheduler();
  private FakeHeads heads;
  private Cluster cluster;

  @BeforeEach
  void connect() throws IOException {
    heads = new FakeHeads(head);
    cluster = new RemoteCluster(heads, ConnectOptions.of("fake"));
    head.put(1, JobState.QUEUED);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void aWatchThatIsCutGoesOnAfterTheLastEvent() {
    head.tellings.add(
        new Telling(
            List.of(event(10, 1, JobState.QUEUED), event(12, 1, JobState.RUNNING)),
            Status.UNAVAILABLE));
    head.tellings.add(new Telling(List.of(), Status.UNAVAILABLE));
    head.tellings.add(new Telling(List.of(event(15, 1, JobState.FINISHED)), Status.OK));

    var told = new ArrayList<Long>();
    try (var watch = cluster.job(1).watch(WatchOptions.fromNow().untilEnd())) {
      watch.forEachRemaining(event -> told.add(event.sequence()));
    }

    assertThat(told).containsExactly(10L, 12L, 15L);
    assertThat(head.watched).extracting(WatchRequest::getAfter).containsExactly(0L, 12L, 12L);
  }

  @Test
  void aWatchGoesOnWhereAnEarlierOneWas() {
    head.tellings.add(new Telling(List.of(event(8, 1, JobState.RUNNING)), null));

    try (var watch = cluster.watch(WatchOptions.after(7).withInstances())) {
      assertThat(watch.next().job().state()).isEqualTo(JobState.RUNNING);
    }

    assertThat(head.watched.element().getAfter()).isEqualTo(7);
    assertThat(head.watched.element().getInstances()).isTrue();
    assertThat(head.watched.element().getJob()).isZero();
  }

  @Test
  void aWatchWithoutEventsCanBeLeftAndTakenUpAgain() throws InterruptedException {
    head.tellings.add(new Telling(List.of(), null));

    try (var watch = cluster.job(1).watch(WatchOptions.fromNow())) {
      assertThat(watch.poll(Duration.ofMillis(1))).isEmpty();
      assertThat(watch.poll(Duration.ofMillis(1))).isEmpty();
    }

    assertThat(head.watched).hasSize(1);
  }

  @Test
  void closingAWatchEndsTheWaitOfItsReader() {
    head.tellings.add(new Telling(List.of(event(1, 1, JobState.QUEUED)), null));
    var watch = cluster.job(1).watch(WatchOptions.fromNow());
    assertThat(watch.next().sequence()).isEqualTo(1);

    var reader = CompletableFuture.supplyAsync(watch::hasNext);
    watch.close();

    assertThat(reader.join()).isFalse();
  }

  @Test
  void aRefusalEndsTheWatch() {
    head.tellings.add(
        new Telling(
            List.of(event(1, 1, JobState.QUEUED)),
            Status.UNAUTHENTICATED.withDescription("expected another token")));

    try (var watch = cluster.job(1).watch(WatchOptions.fromNow())) {
      watch.next();
      assertThatExceptionOfType(CapatazException.class)
          .isThrownBy(watch::hasNext)
          .withMessage("expected another token")
          .satisfies(refused -> assertThat(refused.code()).isEqualTo(Code.NOT_ALLOWED));
    }
  }

  @Test
  void aJobThatIsDeletedIsFoundNoMore() {
    var gone = org.capataz.proto.v1.JobEvent.newBuilder().setSequence(9).setDeleted(true).build();
    head.tellings.add(new Telling(List.of(gone), Status.OK));

    assertThatExceptionOfType(CapatazException.class)
        .isThrownBy(() -> cluster.job(1).await())
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(Code.NOT_FOUND));
  }

  @Test
  void whoWaitsForAJobIsToldItsEndThroughCuts() throws InterruptedException {
    head.tellings.add(new Telling(List.of(event(1, 1, JobState.RUNNING)), Status.UNAVAILABLE));
    // A head node that stops ends its watches in good order.
    head.tellings.add(new Telling(List.of(), Status.OK));
    head.tellings.add(new Telling(List.of(event(5, 1, JobState.FAILED)), Status.OK));

    assertThat(cluster.job(1).await().state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void theEndOfAJobCanBeWaitedForInTheBackground() {
    head.tellings.add(new Telling(List.of(event(5, 1, JobState.FAILED)), Status.OK));

    assertThat(cluster.job(1).ended().join().state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void whatKeepsFromWaitingIsToldInTheBackgroundToo() {
    var gone = org.capataz.proto.v1.JobEvent.newBuilder().setSequence(9).setDeleted(true).build();
    head.tellings.add(new Telling(List.of(gone), Status.OK));

    assertThat(cluster.job(1).ended())
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(CapatazException.class);
  }

  @Test
  void whoWaitsForAJobNoLongerThanSoIsToldThatItHasNotEnded() throws InterruptedException {
    head.tellings.add(new Telling(List.of(event(1, 1, JobState.RUNNING)), null));

    assertThat(cluster.job(1).await(Duration.ofMillis(10))).isEmpty();
  }

  @Test
  void anInterruptedReaderStaysInterrupted() {
    head.tellings.add(new Telling(List.of(), null));
    try (var watch = cluster.job(1).watch(WatchOptions.fromNow())) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(CapatazException.class).isThrownBy(watch::hasNext);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
