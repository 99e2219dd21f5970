package org.capataz.headnode.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.capataz.headnode.loop.RunningLoop.job;
import static org.capataz.headnode.loop.RunningLoop.task;
import static org.capataz.headnode.rpc.ServedLoop.assertRefused;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.capataz.headnode.loop.HeardConnection;
import org.capataz.headnode.loop.RunningLoop;
import org.capataz.model.JobChange;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.proto.v1.ChangeClusterSettingsRequest;
import org.capataz.proto.v1.CreateJobRequest;
import org.capataz.proto.v1.GetClusterRequest;
import org.capataz.proto.v1.GetClusterSettingsRequest;
import org.capataz.proto.v1.GetShareTreeRequest;
import org.capataz.proto.v1.JobReply;
import org.capataz.proto.v1.JobRequest;
import org.capataz.proto.v1.ListJobHistoryRequest;
import org.capataz.proto.v1.ListQueueRequest;
import org.capataz.proto.v1.ModifyJobRequest;
import org.capataz.proto.v1.QueueEntry;
import org.capataz.proto.v1.SetProgressRequest;
import org.capataz.proto.v1.Share;
import org.capataz.proto.v1.ShareStanding;
import org.capataz.proto.v1.Variable;
import org.capataz.scheduler.engine.Command;
import org.capataz.wire.Changes;
import org.capataz.wire.Drafts;
import org.capataz.wire.Identities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What clients change of jobs and of the cluster.
@Timeout(120)
class ChangesTest {

  @TempDir Path directory;

  private ServedLoop served;
  private RunningLoop running;

  @BeforeEach
  void start() throws IOException {
    served =
        new ServedLoop(
            directory,
            (node, attempt, query) ->
                CompletableFuture.failedFuture(Status.UNAVAILABLE.asRuntimeException()));
    running = served.running();
  }

  @AfterEach
  void stop() throws InterruptedException {
    served.close();
  }

  private static ModifyJobRequest modification(int id, JobChange change) {
    return ModifyJobRequest.newBuilder()
        .setJob(id)
        .setRequestId(Identities.toBytes(UUID.randomUUID()))
        .setChange(Changes.toMessage(change))
        .build();
  }

  private JobReply modify(int id, JobChange change) {
    return served.client().modifyJob(modification(id, change));
  }

  @Test
  void whatIsChangedIsShownAndStored() {
    var id = running.submit(job(task()));
    var change =
        new JobChange(
            Map.of(JobProperty.PRIORITY, "Highest", JobProperty.PROJECT, "climate"),
            Map.of("A", "1"),
            Map.of("case", "b"),
            Map.of());

    var job = modify(id, change).getJob();

    assertThat(job.getPriority()).isEqualTo(4000);
    assertThat(job.getProject()).isEqualTo("climate");
    var draft = running.loop().store().draft(id);
    assertThat(draft.customProperties()).isEqualTo(Map.of("case", "b"));
    assertThat(draft.environment()).isEqualTo(Map.of("A", "1"));
  }

  @Test
  void changesThatManyMakeAtOnceAreAllMade() throws Exception {
    var id = running.submit(job(task()));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      callers.submit(
                          () ->
                              modify(
                                  id,
                                  new JobChange(
                                      Map.of(), Map.of(), Map.of("p" + i, "v"), Map.of()))))
              .toList();
      for (var call : calls) {
        call.get();
      }
    }

    assertThat(running.loop().store().draft(id).customProperties()).hasSize(8);
  }

  @Test
  void whatIsNotThereCannotBeChanged() {
    assertRefused(
        Code.NOT_FOUND, "there is no job 9", () -> modify(9, JobChange.of(JobProperty.NAME, "a")));
    var id = running.submit(job(task()));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "expected a request id of 16 bytes",
        () ->
            served
                .client()
                .modifyJob(
                    ModifyJobRequest.newBuilder()
                        .setJob(id)
                        .setRequestId(ByteString.EMPTY)
                        .build()));
  }

  @Test
  void anEndedJobIsConfiguringOnceItIsChanged() {
    var id = running.submit(job(task()));
    var connection = new HeardConnection();
    running.carryOut(
        new Command.CancelJob(id, Command.Manner.USUAL, new Command.Author("ada", "")));

    assertThat(modify(id, JobChange.of(JobProperty.NAME, "again")).getJob().getState())
        .isEqualTo(JobState.CONFIGURING.flag());

    running.connect("n1", 1, connection);
    var again = served.client().submitJob(JobRequest.newBuilder().setJob(id).build()).getJob();
    assertThat(again.getName()).isEqualTo("again");
    assertThat(again.getState()).isEqualTo(JobState.RUNNING.flag());
  }

  @Test
  void progressIsShown() {
    var id = running.submit(job(task()));

    var job =
        served
            .client()
            .setProgress(
                SetProgressRequest.newBuilder()
                    .setJob(id)
                    .setProgress(40)
                    .setMessage("second pass")
                    .build())
            .getJob();

    assertThat(job.getProgress()).isEqualTo(40);
    assertThat(job.getProgressMessage()).isEqualTo("second pass");
  }

  @Test
  void aJobsHistoryTellsWhatHappenedToItInPages() {
    var id = running.submit(job(task()));
    modify(id, JobChange.of(JobProperty.NAME, "a"));
    var connection = new HeardConnection();
    running.connect("n1", 1, connection);
    running.carryOut(
        new Command.CancelJob(id, Command.Manner.USUAL, new Command.Author("ada", "enough")));

    var request = ListJobHistoryRequest.newBuilder().setJob(id).setPageSize(2);
    var told = new ArrayList<String>();
    do {
      var page = served.client().listJobHistory(request.build());
      page.getEntriesList()
          .forEach(
              entry ->
                  told.add(
                      (entry.getEvent() + " " + entry.getNode() + " " + entry.getDetail())
                          .strip()));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());

    assertThat(told)
        .containsExactly(
            "Created  by ana",
            "Submitted",
            "Waiting  NotEnoughResource",
            "Modified",
            "Started",
            "NodeAdded n1 1 core",
            "Stopping  canceled by ada: enough");
  }

  // The cluster.

  private static ChangeClusterSettingsRequest settings(String parameter, String text) {
    return ChangeClusterSettingsRequest.newBuilder()
        .putParameters(parameter, text)
        .addEnvironment(Variable.newBuilder().setName("SITE").setValue("lab"))
        .build();
  }

  @Test
  void anAdministratorChangesTheClustersSettings() {
    var settings = served.client().changeClusterSettings(settings("tTLCompletedJobs", "30"));

    assertThat(settings.getParametersMap()).isEqualTo(Map.of("TTLCompletedJobs", "30"));
    assertThat(served.client().getClusterSettings(GetClusterSettingsRequest.getDefaultInstance()))
        .isEqualTo(settings);
  }

  @Test
  void anAdministratorSharesTheClusterAndEverybodySeesWhatIsUsed() {
    var request =
        ChangeClusterSettingsRequest.newBuilder()
            .addShares(share("climate", "", 3))
            .addShares(share("climate", "ana", 2));
    assertThat(served.client().changeClusterSettings(request.build()).getSharesList())
        .containsExactly(share("climate", "", 3), share("climate", "ana", 2));
    var id = running.submit(job(task()));
    modify(id, JobChange.of(JobProperty.PROJECT, "climate"));

    var tree = served.client().getShareTree(GetShareTreeRequest.getDefaultInstance());

    assertThat(tree.getAlgorithm()).isEqualTo("FairTree");
    assertThat(tree.getHalfLife()).isEqualTo(604_800);
    assertThat(tree.getStandingsList())
        .extracting(
            node -> node.getDepth() + node.getProject() + "/" + node.getUser(),
            ShareStanding::getShares)
        .startsWith(tuple("0/", 1), tuple("1climate/", 3), tuple("2climate/ana", 2));

    var away = ChangeClusterSettingsRequest.newBuilder().addDeletedShares(share("climate", "", 0));
    assertRefused(
        Code.NOT_FOUND,
        "climate is not in it",
        () -> served.client().changeClusterSettings(away.build()));
    away.addDeletedShares(share("climate", "ana", 0));
    assertThat(served.client().changeClusterSettings(away.build()).getSharesList()).isEmpty();
  }

  @Test
  void aJobThatALimitKeepsWaitingSaysWhich() {
    var limit = share("", "ana", 1).toBuilder().setMaxJobs(1).setMaxQueued(1);
    served
        .client()
        .changeClusterSettings(ChangeClusterSettingsRequest.newBuilder().addShares(limit).build());
    running.connect("n1", 4, new HeardConnection());
    submit();
    var waiting = submit();

    var explained = served.client().explainJob(JobRequest.newBuilder().setJob(waiting).build());

    assertThat(explained.getReason()).isEqualTo("LimitReached");
    assertThat(explained.getSentence())
        .startsWith("a limit keeps it waiting: of user ana 1 job runs, of at most 1; it starts");
    assertRefused(
        Code.FAILED_PRECONDITION, "expected at most 1 queued jobs of user ana", this::submit);
  }

  /// As whoever asks.
  private int submit() {
    var request =
        CreateJobRequest.newBuilder()
            .setRequestId(Identities.toBytes(UUID.randomUUID()))
            .setDraft(Drafts.toMessage(job(task())))
            .setSubmit(true);
    return served.client().createJob(request.build()).getJob().getId();
  }

  @Test
  void theQueueIsShownByMeritWhereThatDecides() {
    served.client().changeClusterSettings(settings("QueueOrder", "multifactor"));
    running.connect("n1", 1, new HeardConnection());
    running.submit(job(task()));
    var one = running.submit(job(task()));
    var other = running.submit(job(task()));

    var queue = served.client().listQueue(ListQueueRequest.getDefaultInstance()).getEntriesList();

    assertThat(queue)
        .extracting(entry -> entry.getJob().getId(), QueueEntry::getPlace)
        .containsExactly(tuple(one, 1), tuple(other, 2));
    assertThat(queue).allMatch(entry -> entry.getMerit().getFairShare() == 1);
    assertThat(queue.getFirst().getReason()).isEqualTo("NotEnoughResource");
    var explained = served.client().explainJob(JobRequest.newBuilder().setJob(other).build());
    assertThat(explained.getPlace()).isEqualTo(2);
    assertThat(explained.getJobsAhead()).isEqualTo(1);
    assertThat(explained.getMerit().getScore()).isGreaterThanOrEqualTo(10_000);

    served.client().changeClusterSettings(settings("QueueOrder", "fcfs"));
    var plain = served.client().listQueue(ListQueueRequest.newBuilder().setMost(1).build());
    assertThat(plain.getEntriesList()).hasSize(1).noneMatch(QueueEntry::hasMerit);
    assertThat(served.client().explainJob(JobRequest.newBuilder().setJob(other).build()).hasMerit())
        .isFalse();
  }

  private static Share share(String project, String user, int shares) {
    return Share.newBuilder().setProject(project).setUser(user).setShares(shares).build();
  }

  @Test
  void othersMayNot() {
    served.administrator(false);

    assertRefused(
        Code.PERMISSION_DENIED,
        "expected an administrator to change the cluster's settings, but ana is none",
        () -> served.client().changeClusterSettings(settings("TTLCompletedJobs", "30")));
  }

  @Test
  void aParameterThatThereIsNotIsRefused() {
    assertRefused(
        Code.INVALID_ARGUMENT,
        "expected a cluster parameter, but there is no 'Colour'",
        () -> served.client().changeClusterSettings(settings("Colour", "red")));
  }

  @Test
  void jobsAreCountedByState() {
    running.submit(job(task()));
    running.submit(job(task()));
    var ended = running.submit(job(task()));
    running.carryOut(
        new Command.CancelJob(ended, Command.Manner.USUAL, new Command.Author("ada", "")));

    assertThat(served.client().getCluster(GetClusterRequest.getDefaultInstance()).getJobCountsMap())
        .isEqualTo(Map.of(JobState.QUEUED.flag(), 2L, JobState.CANCELED.flag(), 1L));
  }
}
