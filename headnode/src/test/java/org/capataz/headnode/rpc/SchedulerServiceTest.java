package org.capataz.headnode.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.headnode.loop.RunningLoop.ended;
import static org.capataz.headnode.loop.RunningLoop.job;
import static org.capataz.headnode.loop.RunningLoop.sweep;
import static org.capataz.headnode.loop.RunningLoop.task;
import static org.capataz.headnode.rpc.ServedLoop.assertRefused;

import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.capataz.headnode.loop.HeardConnection;
import org.capataz.headnode.loop.RunningLoop;
import org.capataz.model.AttemptId;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobTemplate;
import org.capataz.model.TaskProperty;
import org.capataz.proto.v1.AddTasksRequest;
import org.capataz.proto.v1.CancelJobRequest;
import org.capataz.proto.v1.ChangeClusterSettingsRequest;
import org.capataz.proto.v1.CreateJobRequest;
import org.capataz.proto.v1.GetInstanceRequest;
import org.capataz.proto.v1.InstanceSummary;
import org.capataz.proto.v1.JobRequest;
import org.capataz.proto.v1.JobSummary;
import org.capataz.proto.v1.ListJobsRequest;
import org.capataz.proto.v1.ListTasksRequest;
import org.capataz.proto.v1.OutputChunk;
import org.capataz.proto.v1.OutputData;
import org.capataz.proto.v1.OutputQuery;
import org.capataz.proto.v1.ReadOutputRequest;
import org.capataz.proto.v1.SetNodeOnlineRequest;
import org.capataz.proto.v1.TaskSummary;
import org.capataz.scheduler.engine.Command;
import org.capataz.wire.Drafts;
import org.capataz.wire.Templates;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SchedulerServiceTest {

  private static final String TEXT = "one two three";

  @TempDir Path directory;

  private ServedLoop served;
  private RunningLoop running;
  private final HeardConnection connection = new HeardConnection();
  private final List<AttemptId> asked = new CopyOnWriteArrayList<>();

  /// What the node answers to whatever is asked, and at the end of the text.
  private volatile @Nullable OutputData nothingKept;

  private volatile @Nullable OutputData notKept;

  @BeforeEach
  void start() throws IOException {
    served = new ServedLoop(directory, this::output);
    running = served.running();
  }

  @AfterEach
  void stop() throws InterruptedException {
    served.close();
  }

  /// A node that kept the same text of every attempt, and hands out four bytes of it at a time.
  private CompletableFuture<OutputData> output(int node, AttemptId attempt, OutputQuery query) {
    asked.add(attempt);
    if (nothingKept != null) {
      return CompletableFuture.completedFuture(nothingKept);
    }
    if (notKept != null && query.getOffset() >= TEXT.length()) {
      return CompletableFuture.completedFuture(notKept);
    }
    var kept = ByteString.copyFrom(TEXT, StandardCharsets.UTF_8);
    var from = (int) Math.min(query.getOffset(), kept.size());
    var to = Math.min(from + 4, kept.size());
    return CompletableFuture.completedFuture(
        OutputData.newBuilder()
            .setData(kept.substring(from, to))
            .setAtEnd(to == kept.size() && notKept == null)
            .build());
  }

  private static JobDraft cores(int count) {
    return job(task().with(TaskProperty.MIN_CORES, "" + count));
  }

  // Pages.

  @Test
  void pagesOfJobsGoFromTheNewestToTheOldest() {
    for (var i = 1; i <= 5; i++) {
      running.submit(job(task()));
    }
    var request = ListJobsRequest.newBuilder().setPageSize(2);
    var ids = new ArrayList<Integer>();
    var pages = 0;
    do {
      var page = served.client().listJobs(request.build());
      page.getJobsList().stream().map(JobSummary::getId).forEach(ids::add);
      request.setPageToken(page.getNextPageToken());
      pages++;
    } while (!request.getPageToken().isEmpty());

    assertThat(ids).containsExactly(5, 4, 3, 2, 1);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void pagesOfTasksHoldEachOnce() {
    var id = running.submit(JobDraft.EMPTY.plus(task()).plus(task()).plus(task()));
    assertThat(tasks(id)).containsExactly(1, 2, 3);
  }

  @Test
  void pagesOfTasksOfAnUnsubmittedJobHoldEachOnce() {
    var draft = JobDraft.EMPTY.plus(task()).plus(task()).plus(task());
    var id = running.carryOut(new Command.CreateJob(new UUID(9, 9), "ana", draft, false));
    assertThat(tasks(id)).containsExactly(1, 2, 3);
  }

  private List<Integer> tasks(int id) {
    var request = ListTasksRequest.newBuilder().setJob(id).setPageSize(2);
    var numbers = new ArrayList<Integer>();
    do {
      var page = served.client().listTasks(request.build());
      page.getTasksList().stream().map(TaskSummary::getTask).forEach(numbers::add);
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return numbers;
  }

  @Test
  void pagesOfInstancesGoOnWhereTheLastOneEnded() {
    var id = running.submit(job(sweep(7)));
    var request = ListTasksRequest.newBuilder().setJob(id).setTask(1).setPageSize(3);
    var indexes = new ArrayList<Long>();
    do {
      var page = served.client().listTasks(request.build());
      page.getInstancesList().stream().map(InstanceSummary::getInstance).forEach(indexes::add);
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());

    assertThat(indexes).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
  }

  // Refusals.

  @Test
  void whatIsNotThereIsNotFound() {
    var id = running.submit(job(sweep(3)));
    var client = served.client();
    assertRefused(
        Code.NOT_FOUND,
        "there is no job 9",
        () -> client.getJob(JobRequest.newBuilder().setJob(9).build()));
    assertRefused(
        Code.NOT_FOUND,
        "there is no job 9",
        () -> client.submitJob(JobRequest.newBuilder().setJob(9).build()));
    for (var task : List.of(-1, 2)) {
      assertRefused(
          Code.NOT_FOUND,
          "it has no task " + task,
          () -> client.listTasks(ListTasksRequest.newBuilder().setJob(id).setTask(task).build()));
    }
    for (var instance : List.of(0L, 4L)) {
      assertRefused(
          Code.NOT_FOUND,
          "it has no instance " + instance,
          () ->
              client.getInstance(
                  GetInstanceRequest.newBuilder()
                      .setJob(id)
                      .setTask(1)
                      .setInstance(instance)
                      .build()));
    }
    assertRefused(
        Code.NOT_FOUND,
        "there is no node 'n9'",
        () -> client.setNodeOnline(SetNodeOnlineRequest.newBuilder().setNode("n9").build()));
  }

  @Test
  void aTaskIsShownWithoutAnInstanceUnlessOneIsAskedFor() {
    var id = running.submit(job(task()));
    var request = GetInstanceRequest.newBuilder().setJob(id).setTask(1);

    assertThat(served.client().getInstance(request.build()).hasInstance()).isFalse();
    assertThat(served.client().getInstance(request.setInstance(0).build()).hasInstance()).isTrue();
  }

  @Test
  void pageTokensThatNobodyGaveOutAreInvalid() {
    var draft = JobDraft.EMPTY.plus(task());
    var configuring = running.carryOut(new Command.CreateJob(new UUID(9, 9), "ana", draft, false));
    var submitted = running.submit(job(sweep(3)));
    for (var token : List.of("x", "0:0", "-5:0", "1:-1", "1:x")) {
      for (var id : List.of(configuring, submitted)) {
        assertRefused(
            Code.INVALID_ARGUMENT,
            "expected a page token",
            () ->
                served
                    .client()
                    .listTasks(
                        ListTasksRequest.newBuilder()
                            .setJob(id)
                            .setTask(1)
                            .setPageToken(token)
                            .build()));
      }
    }
    assertRefused(
        Code.INVALID_ARGUMENT,
        "expected a page token",
        () -> served.client().listJobs(ListJobsRequest.newBuilder().setPageToken("-1").build()));
  }

  @Test
  void aJobThatItsTemplateCompletesIsAccepted() {
    var template =
        new JobTemplate(
            "Lasting",
            "",
            List.of(),
            List.of(
                JobTemplate.Item.of(JobProperty.MIN_CORES, "2"),
                JobTemplate.Item.of(JobProperty.MAX_CORES, "4")));
    served
        .client()
        .changeClusterSettings(
            ChangeClusterSettingsRequest.newBuilder()
                .addTemplates(Templates.toMessage(template))
                .build());
    var draft =
        job(task())
            .with(JobProperty.JOB_TEMPLATE, "Lasting")
            .with(JobProperty.RUN_UNTIL_CANCELED, "true");

    var reply =
        served
            .client()
            .createJob(
                CreateJobRequest.newBuilder()
                    .setRequestId(ByteString.copyFrom(new byte[16]))
                    .setDraft(Drafts.toMessage(draft))
                    .setSubmit(true)
                    .build());

    assertThat(reply.getJob().getMinCores()).isEqualTo(2);
  }

  @Test
  void aRequestIdThatIsNoneIsInvalid() {
    assertRefused(
        Code.INVALID_ARGUMENT,
        "expected a request id of 16 bytes, but got 0",
        () -> served.client().createJob(CreateJobRequest.getDefaultInstance()));
  }

  @Test
  void whileTheDiskIsNearlyFullNewWorkIsRefusedAndWhatWasAcceptedIsNot() {
    var first = create(1);
    assertThat(served.client().createJob(first).getJob().getId()).isEqualTo(1);

    served.freeMegabytes(255);

    assertRefused(
        Code.RESOURCE_EXHAUSTED,
        "expected at least 256 MB free for the database in /data of the head node, but there are"
            + " 255",
        () -> served.client().createJob(create(2)));
    assertRefused(Code.RESOURCE_EXHAUSTED, "FreeSpaceMark", () -> addATask(first));
    // Its answer may have been lost.
    assertThat(served.client().createJob(first).getJob().getId()).isEqualTo(1);
    served.client().cancelJob(CancelJobRequest.newBuilder().setJob(1).setMessage("enough").build());

    served.freeMegabytes(256);
    assertThat(served.client().createJob(create(2)).getJob().getId()).isEqualTo(2);
  }

  private void addATask(CreateJobRequest after) {
    served
        .client()
        .addTasks(
            AddTasksRequest.newBuilder()
                .setJob(1)
                .setRequestId(after.getRequestId().substring(1).concat(one(7)))
                .addTasks(Drafts.toMessage(task()))
                .build());
  }

  @Test
  void whileTheMemoryIsNearlyFullNewWorkIsRefusedAndWhatWasAcceptedIsNot() {
    var first = create(1);
    assertThat(served.client().createJob(first).getJob().getId()).isEqualTo(1);

    served.heap(64 << 20, 56 << 20, 0);

    assertRefused(
        Code.RESOURCE_EXHAUSTED,
        "expected 1 MB of free memory for the job in the head node, but of its 64 MB there are only"
            + " 0; delete jobs that have ended, or give it more",
        () -> served.client().createJob(create(2)));
    assertRefused(Code.RESOURCE_EXHAUSTED, "free memory", () -> addATask(first));
    // Its answer may have been lost.
    assertThat(served.client().createJob(first).getJob().getId()).isEqualTo(1);

    served.heap(64 << 20, 55 << 20, 0);
    assertThat(served.client().createJob(create(2)).getJob().getId()).isEqualTo(2);
  }

  @Test
  void garbageIsCollectedBeforeAnybodyIsRefused() {
    served.heap(64 << 20, 8 << 20, 56 << 20);

    assertThat(served.client().createJob(create(1)).getJob().getId()).isEqualTo(1);
  }

  private static CreateJobRequest create(int request) {
    return CreateJobRequest.newBuilder()
        .setRequestId(ByteString.copyFrom(new byte[15]).concat(one(request)))
        .setDraft(Drafts.toMessage(job(task())))
        .setSubmit(true)
        .build();
  }

  private static ByteString one(int number) {
    return ByteString.copyFrom(new byte[] {(byte) number});
  }

  @Test
  void aJobInTheWrongStateIsAFailedPrecondition() {
    var id = running.submit(job(task()));
    assertRefused(
        Code.FAILED_PRECONDITION,
        "expected a Configuring job to submit, but job 1 is Queued",
        () -> served.client().submitJob(JobRequest.newBuilder().setJob(id).build()));
  }

  @Test
  void anInstanceThatHasEndedSaysOnWhichNodeAndOnHowManyCoresItRan() throws Exception {
    var node = running.connect("n1", 4, connection);
    var id = running.submit(cores(3));
    var attempt = connection.nextOrders().starts().getFirst().attempt().id();
    running.carryOut(new Command.Report(node, List.of(ended(attempt))));
    var request = GetInstanceRequest.newBuilder().setJob(id).setTask(1).setInstance(0).build();

    var instance = served.client().getInstance(request).getInstance();

    assertThat(instance.getEndTime()).isPositive();
    assertThat(instance.getNode()).isEqualTo("n1");
    assertThat(instance.getCores()).isEqualTo(3);
  }

  // Output.

  private String read(ReadOutputRequest.Builder request) {
    var text = new StringBuilder();
    served
        .client()
        .readOutput(request.build())
        .forEachRemaining((OutputChunk chunk) -> text.append(chunk.getData().toStringUtf8()));
    return text.toString();
  }

  @Test
  void theOutputOfAnInstanceComesFromItsNode() throws Exception {
    var node = running.connect("n1", 1, connection);
    var id = running.submit(job(task()));
    var attempt = connection.nextOrders().starts().getFirst().attempt().id();
    var request = ReadOutputRequest.newBuilder().setJob(id).setTask(1);
    assertThat(read(request)).isEqualTo(TEXT);
    running.carryOut(new Command.Report(node, List.of(ended(attempt))));

    assertThat(read(request)).isEqualTo(TEXT);
    assertThat(read(request.setOffset(4).setFollow(true))).isEqualTo("two three");
    assertThat(asked).containsOnly(attempt);
  }

  @Test
  void whatTheNodeHasNotKeptShowsByThePlaceOfWhatComesNext() throws Exception {
    running.connect("n1", 1, connection);
    var id = running.submit(job(task()));
    connection.nextOrders();
    notKept = OutputData.newBuilder().setLeftOut(1_000).setAtEnd(true).build();

    assertThat(chunks(id))
        .extracting(OutputChunk::getOffset)
        .containsExactly(0L, 4L, 8L, 12L, 1_000L + TEXT.length());
  }

  @Test
  void anOutputThatMayHaveBeenRemovedIsSaidToBe() throws Exception {
    var node = running.connect("n1", 1, connection);
    var id = running.submit(job(task()));
    var attempt = connection.nextOrders().starts().getFirst().attempt().id();
    var end = ended(attempt);
    nothingKept = OutputData.newBuilder().setRemovedBefore(Long.MAX_VALUE).setAtEnd(true).build();
    // What runs is never removed.
    assertThat(chunks(id)).isEmpty();
    running.carryOut(new Command.Report(node, List.of(end)));

    assertThat(chunks(id))
        .extracting(OutputChunk::getRemovedBefore)
        .containsExactly(Long.MAX_VALUE);
    nothingKept = OutputData.newBuilder().setRemovedBefore(-1).setAtEnd(true).build();
    assertThat(chunks(id)).isEmpty();
  }

  private List<OutputChunk> chunks(int id) {
    var chunks = new ArrayList<OutputChunk>();
    var request = ReadOutputRequest.newBuilder().setJob(id).setTask(1).build();
    served.client().readOutput(request).forEachRemaining(chunks::add);
    return chunks;
  }

  @Test
  void anInstanceThatHasNotRunHasNoOutputYet() {
    var id = running.submit(job(task()));

    assertThat(read(ReadOutputRequest.newBuilder().setJob(id).setTask(1))).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void outputOfWhatIsNotThereIsNotFound() {
    var id = running.submit(job(task()));
    assertRefused(
        Code.NOT_FOUND, "there is no job 9", () -> read(ReadOutputRequest.newBuilder().setJob(9)));
    assertRefused(
        Code.NOT_FOUND,
        "it has no task 2",
        () -> read(ReadOutputRequest.newBuilder().setJob(id).setTask(2)));
    assertRefused(
        Code.NOT_FOUND,
        "it has no instance 5",
        () -> read(ReadOutputRequest.newBuilder().setJob(id).setTask(1).setInstance(5)));
  }
}
