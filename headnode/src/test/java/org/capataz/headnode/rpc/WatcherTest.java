package org.capataz.headnode.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.headnode.loop.RunningLoop.ended;
import static org.capataz.headnode.loop.RunningLoop.job;
import static org.capataz.headnode.loop.RunningLoop.sweep;
import static org.capataz.headnode.loop.RunningLoop.task;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.capataz.headnode.loop.HeardConnection;
import org.capataz.headnode.loop.RunningLoop;
import org.capataz.headnode.store.JournalRecord;
import org.capataz.model.AttemptId;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;
import org.capataz.proto.v1.GetClusterRequest;
import org.capataz.proto.v1.InstanceSummary;
import org.capataz.proto.v1.JobEvent;
import org.capataz.proto.v1.WatchRequest;
import org.capataz.scheduler.engine.Command;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WatcherTest {

  @TempDir Path directory;

  private ServedLoop served;
  private RunningLoop running;
  private final HeardConnection connection = new HeardConnection();

  /// What the node was told to start, and has not ended yet.
  private final Queue<AttemptId> due = new ArrayDeque<>();

  private int node;

  @BeforeEach
  void start() throws IOException {
    serve();
  }

  private void serve() throws IOException {
    served = new ServedLoop(directory, (n, attempt, query) -> new CompletableFuture<>());
    running = served.running();
    node = running.connect("n1", 1, connection);
  }

  @AfterEach
  void stop() throws InterruptedException {
    served.close();
  }

  /// Has the node end the run that it is given next.
  private void endNext() throws InterruptedException {
    while (due.isEmpty()) {
      connection.nextOrders().starts().forEach(start -> due.add(start.attempt().id()));
    }
    running.carryOut(new Command.Report(node, List.of(ended(due.remove()))));
  }

  private List<JobEvent> watch(WatchRequest.Builder request) {
    var events = new ArrayList<JobEvent>();
    served.client().watch(request.build()).forEachRemaining(events::add);
    return events;
  }

  private List<Long> recorded(int job, long after) {
    return running.loop().store().journal(after, job, 10_000).stream()
        .map(JournalRecord::sequence)
        .toList();
  }

  @Test
  void aWatchUntilTheEndShowsTheJobNowAndAsItEndedAndIsOver() throws Exception {
    var id = running.submit(job(task()));
    var events =
        served.client().watch(WatchRequest.newBuilder().setJob(id).setUntilEnd(true).build());
    assertThat(events.next().getJob().getState()).isEqualTo(JobState.RUNNING.flag());

    endNext();

    var last = JobEvent.getDefaultInstance();
    while (events.hasNext()) {
      last = events.next();
    }
    assertThat(last.getJob().getState()).isEqualTo(JobState.FINISHED.flag());
  }

  @Test
  void aWatchUntilTheEndTellsOfEveryInstance() throws Exception {
    var id = running.submit(job(sweep(20)));
    var events =
        served
            .client()
            .watch(
                WatchRequest.newBuilder().setJob(id).setInstances(true).setUntilEnd(true).build());
    assertThat(events.next().getJob().getId()).isEqualTo(id);

    for (var instance = 1; instance <= 20; instance++) {
      endNext();
    }

    var finished = new ArrayList<Long>();
    events.forEachRemaining(
        event ->
            event.getInstancesList().stream()
                .filter(instance -> instance.getState() == TaskState.FINISHED.flag())
                .map(InstanceSummary::getInstance)
                .forEach(finished::add));
    assertThat(finished).hasSize(20).isSorted().startsWith(1L).endsWith(20L);
  }

  @Test
  void aWatchOfAJobThatHasEndedShowsItOnceAndIsOver() throws Exception {
    var id = running.submit(job(task()));
    endNext();

    assertThat(watch(WatchRequest.newBuilder().setJob(id).setUntilEnd(true)))
        .singleElement()
        .satisfies(
            event -> assertThat(event.getJob().getState()).isEqualTo(JobState.FINISHED.flag()));
  }

  @Test
  void whoComesBackWithASequenceNumberMissesNothing() throws Exception {
    var id = running.submit(job(sweep(5)));
    for (var instance = 1; instance <= 5; instance++) {
      endNext();
    }
    assertMissesNothing(id);

    // The board of a head node that has just started knows nothing of the past.
    served.close();
    serve();
    assertMissesNothing(id);
  }

  private void assertMissesNothing(int id) {
    var last = recorded(id, 0).getLast();
    for (var after = 1L; after < last; after++) {
      var events =
          watch(
              WatchRequest.newBuilder()
                  .setJob(id)
                  .setAfter(after)
                  .setInstances(true)
                  .setUntilEnd(true));
      assertThat(events)
          .extracting(JobEvent::getSequence)
          .as("after " + after)
          .containsExactlyElementsOf(recorded(id, after));
    }
  }

  /// A client that reads when told to.
  private static final class Reader implements ClientResponseObserver<WatchRequest, JobEvent> {
    private final BlockingQueue<JobEvent> read = new LinkedBlockingQueue<>();
    private @Nullable ClientCallStreamObserver<WatchRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
      call = stream;
      stream.disableAutoRequestWithInitial(0);
    }

    void read(int messages) {
      if (call != null) {
        call.request(messages);
      }
    }

    @Override
    public void onNext(JobEvent event) {
      read.add(event);
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }

  @Test
  void aClientThatDoesNotReadHoldsNobodyUpAndMissesNothing() throws Exception {
    var id = running.submit(job(sweep(50)));
    var after = running.loop().board().sequence();
    var request = WatchRequest.newBuilder().setJob(id).setAfter(after).setInstances(true).build();
    var idle = new Reader();
    served.asyncClient().watch(request, idle);

    for (var instance = 1; instance <= 50; instance++) {
      endNext();
    }
    assertThat(watch(request.toBuilder().setUntilEnd(true))).hasSize(50);
    assertThat(served.client().getCluster(GetClusterRequest.getDefaultInstance()).getName())
        .isEqualTo("test");
    assertThat(idle.read).isEmpty();

    var missed = recorded(id, after);
    idle.read(missed.size());
    for (var sequence : missed) {
      assertThat(idle.read.take().getSequence()).isEqualTo(sequence);
    }
  }

  @Test
  void aWatchUntilTheEndNeedsAJob() {
    ServedLoop.assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "expected a job to watch until its end",
        () -> watch(WatchRequest.newBuilder().setUntilEnd(true)));
  }

  @Test
  void aWatchOfNoJobIsNotFound() {
    ServedLoop.assertRefused(
        Status.Code.NOT_FOUND,
        "there is no job 7",
        () -> watch(WatchRequest.newBuilder().setJob(7)));
  }
}
