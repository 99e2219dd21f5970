package org.capataz.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.capataz.client.CapatazException.Code;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.Limits;
import org.capataz.model.Share;
import org.capataz.model.TaskState;
import org.capataz.proto.v1.CreateJobRequest;
import org.capataz.proto.v1.OutputChunk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteClusterTest {

  private static final JobDraft HELLO =
      JobBuilder.named("hello").task(t -> t.command("echo", "hello")).build();

  private final FakeScheduler head = new FakeScheduler();
  private FakeHeads heads;
  private Cluster cluster;

  @BeforeEach
  void connect() throws IOException {
    heads = new FakeHeads(head);
    cluster = new RemoteCluster(heads, ConnectOptions.of("fake"));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private static void assertRefused(Code code, String message, ThrowingCallable call) {
    assertThatExceptionOfType(CapatazException.class)
        .isThrownBy(call)
        .withMessage(message)
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void aSubmittedJobIsQueuedAsItWasWritten() {
    var job = cluster.submit(HELLO);

    assertThat(job.status().state()).isEqualTo(JobState.QUEUED);
    assertThat(job.status().owner()).isEqualTo("ana");
    assertThat(job.status().times().submit()).isEmpty();
    assertThat(job.draft()).isEqualTo(HELLO);
  }

  @Test
  void aSubmissionWhoseAnswerIsLostIsRepeatedUnderItsId() {
    head.failures.add(Status.UNAVAILABLE);
    head.failures.add(Status.UNAVAILABLE);

    var job = cluster.submit(HELLO);

    assertThat(job.id()).isEqualTo(1);
    assertThat(head.created)
        .hasSize(3)
        .extracting(CreateJobRequest::getRequestId)
        .containsOnly(head.created.element().getRequestId())
        .allSatisfy(id -> assertThat(id.size()).isEqualTo(16));
    assertThat(head.jobCount()).isEqualTo(1);
  }

  @Test
  void aHeadNodeThatHasTooMuchToDoIsAskedAgain() {
    head.failures.add(FakeScheduler.BUSY);

    assertThat(cluster.submit(HELLO).id()).isEqualTo(1);

    assertThat(head.created).hasSize(2);
    assertThat(heads.lost).isZero();
  }

  @Test
  void oneThatHasTooMuchToDoForTooLongSaysSo() throws IOException {
    head.failures.add(FakeScheduler.BUSY);
    try (var impatient =
        new RemoteCluster(
            new FakeHeads(head),
            ConnectOptions.of("fake").withRequestTimeout(Duration.ofMillis(20)))) {
      assertRefused(Code.REFUSED, "expected less to do", () -> impatient.submit(HELLO));
    }
  }

  @Test
  void theShareTreeIsReadAsItIsTold() {
    var tree = cluster.shares();

    assertThat(tree.algorithm()).isEqualTo("FairTree");
    assertThat(tree.halfLife()).contains(Duration.ofMinutes(1));
    assertThat(tree.standings())
        .containsExactly(
            new ShareTree.Standing(
                new Share.Of("climate", ""),
                1,
                3,
                0.75,
                0,
                0,
                Double.POSITIVE_INFINITY,
                OptionalDouble.empty()),
            new ShareTree.Standing(
                new Share.Of("", "ana"), 1, 0, 0, 0, 0, 0, OptionalDouble.of(0.5)));
  }

  @Test
  void noTwoSubmissionsShareAnId() {
    assertThat(cluster.submit(HELLO).id()).isNotEqualTo(cluster.submit(HELLO).id());
  }

  @Test
  void aCallerMayRepeatASubmissionUnderItsOwnId() {
    var request = UUID.randomUUID();

    assertThat(cluster.submit(HELLO, request).id()).isEqualTo(cluster.submit(HELLO, request).id());
  }

  @Test
  void theNextHeadNodeIsAskedWhereTheFirstIsSilent() {
    heads.withSilentFirst();

    assertThat(cluster.submit(HELLO).id()).isEqualTo(1);
    assertThat(heads.lost).isEqualTo(1);
  }

  @Test
  void whereNoHeadNodeAnswersTheRequestEnds() throws IOException {
    try (var nobody =
        new RemoteCluster(
            new FakeHeads().withSilentFirst(),
            ConnectOptions.of("fake").withUnreachableAfter(Duration.ofMillis(1)))) {
      assertThatExceptionOfType(CapatazException.class)
          .isThrownBy(nobody::nodes)
          .satisfies(failure -> assertThat(failure.code()).isEqualTo(Code.UNREACHABLE));
    }
  }

  @Test
  void aHeadNodeThatCannotWriteSaysWhy() throws IOException {
    head.failures.add(
        Status.UNAVAILABLE.withDescription("expected free space, but the disk is full"));
    try (var impatient =
        new RemoteCluster(
            new FakeHeads(head),
            ConnectOptions.of("fake").withUnreachableAfter(Duration.ofMillis(1)))) {
      assertRefused(
          Code.UNREACHABLE,
          "expected free space, but the disk is full",
          () -> impatient.submit(HELLO));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, REFUSED, 2",
    "FAILED_PRECONDITION, REFUSED, 2",
    "RESOURCE_EXHAUSTED, REFUSED, 2",
    "NOT_FOUND, NOT_FOUND, 3",
    "PERMISSION_DENIED, NOT_ALLOWED, 4",
    "UNAUTHENTICATED, NOT_ALLOWED, 4",
  })
  void aRefusalIsReportedInTheHeadNodesWords(Status.Code status, Code code, int exitCode) {
    head.failures.add(status.toStatus().withDescription("expected more,\nbut got less"));

    assertRefused(code, "expected more, but got less", () -> cluster.submit(HELLO));
    assertThat(code.exitCode()).isEqualTo(exitCode);
    assertThat(head.created).hasSize(1);
  }

  @Test
  void aBrokenHeadNodeIsNotARefusal() {
    head.failures.add(Status.INTERNAL.withDescription("oops"));

    assertRefused(
        Code.FAILED, "the head node at fake:5800 failed: oops", () -> cluster.submit(HELLO));
  }

  @Test
  void aJobThatIsTooLargeIsNotSent() {
    var values = List.of("x".repeat(Limits.JOB_BYTES));
    var large = JobBuilder.unnamed().task(t -> t.command("echo", "*").sweepOver(values)).build();

    assertThatExceptionOfType(CapatazException.class)
        .isThrownBy(() -> cluster.submit(large))
        .withMessageStartingWith("expected a job of at most 50331648 bytes, but this one takes ")
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(Code.REFUSED));
    assertThat(head.created).isEmpty();
  }

  @Test
  void aJobIsWrittenStepByStep() {
    var job = cluster.create(JobBuilder.named("steps").build());
    assertThat(job.status().state()).isEqualTo(JobState.CONFIGURING);

    job.addTasks(HELLO.tasks());
    job.submit();

    assertThat(job.status().state()).isEqualTo(JobState.QUEUED);
    assertThat(job.draft().tasks()).isEqualTo(HELLO.tasks());
  }

  @Test
  void aChangeWhoseAnswerIsLostHasBeenMade() {
    var job = cluster.submit(HELLO);
    head.failures.add(Status.UNAVAILABLE);

    assertThat(job.cancel("enough").state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void aChangeThatIsOutOfTurnIsRefused() {
    var job = cluster.submit(HELLO);

    assertRefused(
        Code.REFUSED, "expected a job that is Configuring, but job 1 is not", job::submit);
  }

  @Test
  void tasksThatAreAddedTwiceUnderOneIdAreAddedOnce() {
    var job = cluster.create(JobBuilder.named("steps").build());
    head.failures.add(Status.UNAVAILABLE);

    job.addTasks(HELLO.tasks());

    assertThat(job.draft().tasks()).hasSize(1);
  }

  @Test
  void jobsAreListedPageByPage() {
    for (var id = 1; id <= 5; id++) {
      head.put(id, id == 3 ? JobState.FINISHED : JobState.RUNNING);
    }

    assertThat(cluster.jobs(JobFilter.all()))
        .extracting(JobStatus::id)
        .containsExactly(5, 4, 3, 2, 1);
    assertThat(cluster.jobs(JobFilter.active()))
        .extracting(JobStatus::id)
        .containsExactly(5, 4, 2, 1);
  }

  @Test
  void aJobThatIsNotThereIsNotFound() {
    var job = cluster.job(7);

    assertRefused(Code.NOT_FOUND, "expected the id of a job, but there is no job 7", job::status);
    assertRefused(
        Code.NOT_FOUND,
        "expected the id of a job, but there is no job 7",
        () -> job.watch(WatchOptions.fromNow()));
  }

  @Test
  void aStateOfANewerHeadNodeIsNotGuessedAt() {
    head.putUnknown(2);

    assertRefused(
        Code.FAILED,
        "expected a head node of this version, but it answers with what is not known here: job"
            + " state 4096",
        () -> cluster.job(2).status());
  }

  @Test
  void anInstanceTellsHowItEnded() {
    var instance = cluster.job(1).instance(2, 40);

    assertThat(instance.id()).hasToString("1.2.40");
    assertThat(instance.state()).isEqualTo(TaskState.FAILED);
    assertThat(instance.exitCode()).hasValue(3);
    assertThat(instance.startTime()).contains(Instant.ofEpochSecond(1, 1000));
    assertThat(instance.endTime()).isEmpty();
    assertThat(instance.usage().user()).isEqualTo(Duration.ofNanos(5000));
    assertThat(cluster.job(1).task(2).draft())
        .isEqualTo(TaskBuilder.create().command("true").build());
  }

  @Test
  void nodesAreKnownByName() {
    assertThat(cluster.nodes()).extracting(NodeStatus::name).containsExactly("n1", "n2");
    assertThat(cluster.node("n1").reachable()).isTrue();
    assertThat(cluster.node("n2").state()).isEqualTo(NodeState.DRAINING);
    assertThat(cluster.node("n2").unreachableSince()).contains(Instant.ofEpochSecond(2));
    assertRefused(
        Code.NOT_FOUND,
        "expected the name of a node, but there is no 'n3'",
        () -> cluster.node("n3"));
  }

  @Test
  void outputThatIsCutGoesOnWhereItWas() throws IOException {
    head.output = "a long line of output";
    head.cutAfter = 6;

    try (var output = cluster.job(1).output(1, 0, StandardStream.OUTPUT)) {
      assertThat(output).hasContent("a long line of output");
    }
    assertThat(head.read).extracting(request -> request.getOffset()).containsExactly(0L, 6L);
  }

  @Test
  void whatIsNotKeptOfAnOutputIsToldWhenTheReadingComesToIt() throws IOException {
    head.output = "head";
    head.last =
        OutputChunk.newBuilder().setOffset(104).setData(ByteString.copyFromUtf8("tail")).build();
    var told = new ArrayList<MissingOutput>();

    try (var output = cluster.job(1).output(1, 0, StandardStream.OUTPUT, told::add)) {
      assertThat(output.readNBytes(4)).asString().isEqualTo("head");
      assertThat(told).isEmpty();
      assertThat(output.readAllBytes()).asString().isEqualTo("tail");
    }
    assertThat(told).containsExactly(new MissingOutput.Part(4, 100));
  }

  @Test
  void anOutputThatWasRemovedIsToldToBe() throws IOException {
    head.last = OutputChunk.newBuilder().setRemovedBefore(1_000_001).build();
    var told = new ArrayList<MissingOutput>();

    try (var output = cluster.job(1).output(1, 0, StandardStream.OUTPUT, told::add)) {
      assertThat(output).isEmpty();
    }
    assertThat(told).containsExactly(new MissingOutput.Removed(Instant.ofEpochSecond(1, 1000)));
  }

  @Test
  void aWholeFileOfOutputIsRead() throws IOException {
    head.output = "x".repeat(3_000_000);

    try (var output = cluster.job(1).follow(1, 0, StandardStream.ERROR)) {
      assertThat(ByteString.readFrom(output).size()).isEqualTo(3_000_000);
    }
    assertThat(head.read.element().getFollow()).isTrue();
  }
}
