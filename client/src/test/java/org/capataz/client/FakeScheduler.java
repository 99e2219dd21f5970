package org.capataz.client;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;
import org.capataz.proto.v1.AddTasksReply;
import org.capataz.proto.v1.AddTasksRequest;
import org.capataz.proto.v1.CancelJobRequest;
import org.capataz.proto.v1.ClusterSummary;
import org.capataz.proto.v1.CreateJobRequest;
import org.capataz.proto.v1.GetClusterRequest;
import org.capataz.proto.v1.GetDraftReply;
import org.capataz.proto.v1.GetInstanceReply;
import org.capataz.proto.v1.GetInstanceRequest;
import org.capataz.proto.v1.GetShareTreeReply;
import org.capataz.proto.v1.GetShareTreeRequest;
import org.capataz.proto.v1.InstanceSummary;
import org.capataz.proto.v1.JobDraft;
import org.capataz.proto.v1.JobEvent;
import org.capataz.proto.v1.JobReply;
import org.capataz.proto.v1.JobRequest;
import org.capataz.proto.v1.JobSummary;
import org.capataz.proto.v1.ListJobsReply;
import org.capataz.proto.v1.ListJobsRequest;
import org.capataz.proto.v1.ListNodesReply;
import org.capataz.proto.v1.ListNodesRequest;
import org.capataz.proto.v1.NodeSummary;
import org.capataz.proto.v1.OutputChunk;
import org.capataz.proto.v1.ReadOutputRequest;
import org.capataz.proto.v1.SchedulerGrpc;
import org.capataz.proto.v1.ShareStanding;
import org.capataz.proto.v1.TaskDraft;
import org.capataz.proto.v1.TaskSummary;
import org.capataz.proto.v1.WatchRequest;
import org.capataz.wire.Overload;
import org.jspecify.annotations.Nullable;

/// A head node that keeps jobs in memory, runs nothing, and fails as it is told to.
final class FakeScheduler extends SchedulerGrpc.SchedulerImplBase {

  private final Map<ByteString, Integer> requests = new LinkedHashMap<>();
  private final Map<Integer, JobSummary> jobs = new LinkedHashMap<>();
  private final Map<Integer, JobDraft> drafts = new LinkedHashMap<>();

  /// Failures of coming requests that change something: each is carried out, and then fails. That
  /// it has too much to do.
  static final Status BUSY = Status.RESOURCE_EXHAUSTED.withDescription("expected less to do");

  final Queue<Status> failures = new ConcurrentLinkedQueue<>();

  /// What coming watches tell, one after the other; the last one told ends as it says.
  final Queue<Telling> tellings = new ConcurrentLinkedQueue<>();

  final Queue<CreateJobRequest> created = new ConcurrentLinkedQueue<>();
  final Queue<WatchRequest> watched = new ConcurrentLinkedQueue<>();
  final Queue<ReadOutputRequest> read = new ConcurrentLinkedQueue<>();

  /// Output, and how many bytes of it are handed over before the stream is cut, once.
  String output = "";

  int cutAfter = Integer.MAX_VALUE;

  /// What comes at the end of the output.
  @Nullable OutputChunk last;

  /// Events, and how the stream ends after them; null for not at all.
  record Telling(List<JobEvent> events, @Nullable Status end) {}

  static JobEvent event(long sequence, int job, JobState state) {
    return JobEvent.newBuilder().setSequence(sequence).setJob(summary(job, state)).build();
  }

  static JobSummary summary(int id, JobState state) {
    return JobSummary.newBuilder()
        .setId(id)
        .setOwner("ana")
        .setPriority(2000)
        .setState(state.flag())
        .build();
  }

  synchronized JobSummary put(int id, JobState state) {
    var job = summary(id, state);
    jobs.put(id, job);
    return job;
  }

  /// A job in a state that only later versions know.
  synchronized void putUnknown(int id) {
    jobs.put(id, summary(id, JobState.QUEUED).toBuilder().setState(4096).build());
  }

  synchronized int jobCount() {
    return jobs.size();
  }

  private <A> void answer(StreamObserver<A> observer, A answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  private <A> void answerOrFail(StreamObserver<A> observer, A answer) {
    var failure = failures.poll();
    if (failure != null) {
      observer.onError(
          failure.equals(BUSY)
              ? failure.asRuntimeException(Overload.trailers())
              : failure.asRuntimeException());
    } else {
      answer(observer, answer);
    }
  }

  @Override
  public void getShareTree(GetShareTreeRequest request, StreamObserver<GetShareTreeReply> out) {
    answer(
        out,
        GetShareTreeReply.newBuilder()
            .setAlgorithm("FairTree")
            .setHalfLife(60)
            .addStandings(
                ShareStanding.newBuilder()
                    .setProject("climate")
                    .setDepth(1)
                    .setShares(3)
                    .setNormShares(0.75)
                    .setLevelFairShare(Double.POSITIVE_INFINITY))
            .addStandings(ShareStanding.newBuilder().setUser("ana").setDepth(1).setFairShare(0.5))
            .build());
  }

  @Override
  public synchronized void createJob(CreateJobRequest request, StreamObserver<JobReply> observer) {
    created.add(request);
    var id = requests.computeIfAbsent(request.getRequestId(), ignored -> requests.size() + 1);
    drafts.put(id, request.getDraft());
    var job = put(id, request.getSubmit() ? JobState.QUEUED : JobState.CONFIGURING);
    answerOrFail(observer, JobReply.newBuilder().setJob(job).build());
  }

  @Override
  public synchronized void addTasks(
      AddTasksRequest request, StreamObserver<AddTasksReply> observer) {
    if (!requests.containsKey(request.getRequestId())) {
      requests.put(request.getRequestId(), request.getJob());
      drafts.computeIfPresent(
          request.getJob(),
          (id, draft) -> draft.toBuilder().addAllTasks(request.getTasksList()).build());
    }
    answerOrFail(observer, AddTasksReply.newBuilder().setFirstTask(1).build());
  }

  @Override
  public synchronized void submitJob(JobRequest request, StreamObserver<JobReply> observer) {
    change(request.getJob(), JobState.CONFIGURING, JobState.QUEUED, observer);
  }

  @Override
  public synchronized void cancelJob(CancelJobRequest request, StreamObserver<JobReply> observer) {
    change(request.getJob(), JobState.QUEUED, JobState.CANCELED, observer);
  }

  private void change(int id, JobState from, JobState to, StreamObserver<JobReply> observer) {
    var job = jobs.get(id);
    if (job == null) {
      observer.onError(
          Status.NOT_FOUND
              .withDescription("expected the id of a job, but there is no job " + id)
              .asRuntimeException());
    } else if (job.getState() != from.flag()) {
      observer.onError(
          Status.FAILED_PRECONDITION
              .withDescription("expected a job that is " + from + ", but job " + id + " is not")
              .asRuntimeException());
    } else {
      answerOrFail(observer, JobReply.newBuilder().setJob(put(id, to)).build());
    }
  }

  @Override
  public synchronized void getJob(JobRequest request, StreamObserver<JobReply> observer) {
    var job = jobs.get(request.getJob());
    if (job == null) {
      observer.onError(
          Status.NOT_FOUND
              .withDescription("expected the id of a job, but there is no job " + request.getJob())
              .asRuntimeException());
      return;
    }
    answer(observer, JobReply.newBuilder().setJob(job).build());
  }

  @Override
  public synchronized void getDraft(JobRequest request, StreamObserver<GetDraftReply> observer) {
    answer(
        observer,
        GetDraftReply.newBuilder()
            .setDraft(drafts.getOrDefault(request.getJob(), JobDraft.getDefaultInstance()))
            .build());
  }

  @Override
  public synchronized void listJobs(
      ListJobsRequest request, StreamObserver<ListJobsReply> observer) {
    var matching =
        new ArrayList<>(
            jobs.values().stream()
                .filter(
                    job -> request.getStates() == 0 || (request.getStates() & job.getState()) != 0)
                .toList()
                .reversed());
    // Pages of two, so that a few jobs show how they are put together.
    var start = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    var end = Math.min(start + 2, matching.size());
    answer(
        observer,
        ListJobsReply.newBuilder()
            .addAllJobs(matching.subList(start, end))
            .setNextPageToken(end < matching.size() ? Integer.toString(end) : "")
            .build());
  }

  @Override
  public void getInstance(GetInstanceRequest request, StreamObserver<GetInstanceReply> observer) {
    var reply =
        GetInstanceReply.newBuilder()
            .setTask(
                TaskSummary.newBuilder()
                    .setJob(request.getJob())
                    .setTask(request.getTask())
                    .setState(TaskState.RUNNING.flag()))
            .setDraft(TaskDraft.newBuilder().putProperties("CommandLine", "true"));
    if (request.hasInstance()) {
      reply.setInstance(
          InstanceSummary.newBuilder()
              .setJob(request.getJob())
              .setTask(request.getTask())
              .setInstance(request.getInstance())
              .setState(TaskState.FAILED.flag())
              .setExited(true)
              .setExitCode(3)
              .setStartTime(1_000_001)
              .setUserMicros(5));
    }
    answer(observer, reply.build());
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<JobEvent> observer) {
    watched.add(request);
    var telling = tellings.poll();
    if (telling == null) {
      return;
    }
    telling.events.forEach(observer::onNext);
    if (telling.end == null) {
      return;
    }
    if (telling.end.isOk()) {
      observer.onCompleted();
    } else {
      observer.onError(telling.end.asRuntimeException());
    }
  }

  @Override
  public void readOutput(ReadOutputRequest request, StreamObserver<OutputChunk> observer) {
    read.add(request);
    var bytes = ByteString.copyFromUtf8(output);
    var offset = Math.toIntExact(request.getOffset());
    var end = Math.min(bytes.size(), cutAfter);
    cutAfter = Integer.MAX_VALUE;
    observer.onNext(
        OutputChunk.newBuilder().setOffset(offset).setData(bytes.substring(offset, end)).build());
    if (end < bytes.size()) {
      observer.onError(Status.UNAVAILABLE.asRuntimeException());
    } else {
      if (last != null) {
        observer.onNext(last);
      }
      observer.onCompleted();
    }
  }

  @Override
  public void listNodes(ListNodesRequest request, StreamObserver<ListNodesReply> observer) {
    answer(
        observer,
        ListNodesReply.newBuilder()
            .addNodes(
                NodeSummary.newBuilder()
                    .setName("n1")
                    .setState("Online")
                    .setReachable(true)
                    .setCores(4))
            .addNodes(
                NodeSummary.newBuilder()
                    .setName("n2")
                    .setState("Draining")
                    .setUnreachableSince(2_000_000))
            .build());
  }

  @Override
  public void getCluster(GetClusterRequest request, StreamObserver<ClusterSummary> observer) {
    answer(
        observer,
        ClusterSummary.newBuilder()
            .setName("fake")
            .setUuid("00000000-0000-0000-0000-000000000001")
            .build());
  }
}
