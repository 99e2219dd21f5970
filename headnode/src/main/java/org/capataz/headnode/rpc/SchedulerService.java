package org.capataz.headnode.rpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.UUID;
import java.util.stream.Collectors;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.security.Principal;
import org.capataz.headnode.view.Board;
import org.capataz.headnode.view.JobView;
import org.capataz.model.JobSpec;
import org.capataz.model.JobTemplate;
import org.capataz.model.TaskDraft;
import org.capataz.proto.v1.AddTasksReply;
import org.capataz.proto.v1.AddTasksRequest;
import org.capataz.proto.v1.BackupPiece;
import org.capataz.proto.v1.BackupRequest;
import org.capataz.proto.v1.CancelJobRequest;
import org.capataz.proto.v1.ChangeClusterSettingsRequest;
import org.capataz.proto.v1.ClusterSettings;
import org.capataz.proto.v1.ClusterSummary;
import org.capataz.proto.v1.CreateJobRequest;
import org.capataz.proto.v1.ExplainJobReply;
import org.capataz.proto.v1.FinishJobRequest;
import org.capataz.proto.v1.GetClusterRequest;
import org.capataz.proto.v1.GetClusterSettingsRequest;
import org.capataz.proto.v1.GetDraftReply;
import org.capataz.proto.v1.GetInstanceReply;
import org.capataz.proto.v1.GetInstanceRequest;
import org.capataz.proto.v1.GetShareTreeReply;
import org.capataz.proto.v1.GetShareTreeRequest;
import org.capataz.proto.v1.HoldJobRequest;
import org.capataz.proto.v1.JobEvent;
import org.capataz.proto.v1.JobReply;
import org.capataz.proto.v1.JobRequest;
import org.capataz.proto.v1.ListJobHistoryReply;
import org.capataz.proto.v1.ListJobHistoryRequest;
import org.capataz.proto.v1.ListJobsReply;
import org.capataz.proto.v1.ListJobsRequest;
import org.capataz.proto.v1.ListNodesReply;
import org.capataz.proto.v1.ListNodesRequest;
import org.capataz.proto.v1.ListQueueReply;
import org.capataz.proto.v1.ListQueueRequest;
import org.capataz.proto.v1.ListTasksReply;
import org.capataz.proto.v1.ListTasksRequest;
import org.capataz.proto.v1.LoseNodeRequest;
import org.capataz.proto.v1.ModifyJobRequest;
import org.capataz.proto.v1.NodeSummary;
import org.capataz.proto.v1.OutputChunk;
import org.capataz.proto.v1.ReadOutputRequest;
import org.capataz.proto.v1.RequeueJobRequest;
import org.capataz.proto.v1.SchedulerGrpc;
import org.capataz.proto.v1.SetNodeOnlineRequest;
import org.capataz.proto.v1.SetProgressRequest;
import org.capataz.proto.v1.TaskReply;
import org.capataz.proto.v1.TaskVerbRequest;
import org.capataz.proto.v1.ThrottleTaskRequest;
import org.capataz.proto.v1.TryJobReply;
import org.capataz.proto.v1.TryJobRequest;
import org.capataz.proto.v1.WatchRequest;
import org.capataz.scheduler.engine.Command;
import org.capataz.wire.Changes;
import org.capataz.wire.Drafts;
import org.capataz.wire.Identities;

/// The service that clients use. Each call has a thread of its own, which may wait.
public final class SchedulerService extends SchedulerGrpc.SchedulerImplBase {

  private static final int MOST_PER_PAGE = 1000;

  private final EngineLoop loop;
  private final Board board;
  private final String version;
  private final TaskQueries tasks;
  private final Explainer explainer;
  private final Watcher watcher;
  private final OutputReader outputs;
  private final SettingsRequests settings;
  private final QueueRequests queue;
  private final Filtering filtering;
  private final Modifications modifications;
  private final History history;
  private final Trials trials;
  private final Backups backups;
  private final FreeSpace freeSpace;
  private final FreeMemory freeMemory;

  /// The service over a running loop.
  ///
  /// @param nodes asks nodes for output
  /// @param disk where the database is
  /// @param heap where jobs are kept
  /// @param version of the head node, as users are shown it
  public SchedulerService(
      EngineLoop loop,
      OutputReader.Nodes nodes,
      FreeSpace.Disk disk,
      FreeMemory.Heap heap,
      String version) {
    this.loop = loop;
    this.board = loop.board();
    this.version = version;
    this.tasks = new TaskQueries(loop);
    this.explainer = new Explainer(loop);
    this.watcher = new Watcher(loop);
    this.outputs = new OutputReader(board, tasks, nodes);
    this.settings = new SettingsRequests(loop);
    this.queue = new QueueRequests(loop);
    this.filtering = new Filtering(loop);
    this.modifications = new Modifications(loop, filtering);
    this.history = new History(loop);
    this.trials = new Trials(loop);
    this.backups = new Backups(loop);
    this.freeSpace = new FreeSpace(loop, disk);
    this.freeMemory = new FreeMemory(loop, heap);
  }

  // Jobs.

  @Override
  public void createJob(CreateJobRequest request, StreamObserver<JobReply> out) {
    Answers.send(
        out,
        () -> {
          var id = requestId(request.getRequestId());
          freeSpace.check(id);
          var tasks = request.getDraft().getTasksCount();
          try (var _ = freeMemory.hold(id, request.getSerializedSize(), tasks)) {
            return create(id, request);
          }
        });
  }

  private JobReply create(UUID id, CreateJobRequest request) {
    var draft = Answers.accepted(Drafts.ofMessage(request.getDraft()));
    // Refuses here what is wrong in itself, so that the engine's thread seldom has to.
    if (request.getSubmit()) {
      Answers.accepted(
          loop.settings()
              .template(JobTemplate.nameOf(draft))
              .then(template -> template.defaultsFor(draft).on(draft))
              .then(JobSpec::resolve));
    }
    var user = Principal.current().user();
    return reply(
        new Command.CreateJob(
            id,
            user,
            request.getSubmit() ? filtering.filtered(user, draft) : draft,
            request.getSubmit()));
  }

  @Override
  public void tryJob(TryJobRequest request, StreamObserver<TryJobReply> out) {
    Answers.send(
        out,
        () -> {
          var user = Principal.current().user();
          var draft = Answers.accepted(Drafts.ofMessage(request.getDraft()));
          return trials.of(user, filtering.filtered(user, draft));
        });
  }

  @Override
  public void addTasks(AddTasksRequest request, StreamObserver<AddTasksReply> out) {
    Answers.send(
        out,
        () -> {
          var id = requestId(request.getRequestId());
          freeSpace.check(id);
          var tasks = request.getTasksCount();
          try (var _ = freeMemory.hold(id, request.getSerializedSize(), tasks)) {
            var drafts = new ArrayList<TaskDraft>();
            for (var task : request.getTasksList()) {
              drafts.add(Answers.accepted(Drafts.ofMessage(task)));
            }
            var command = new Command.AddTasks(request.getJob(), id, drafts);
            return AddTasksReply.newBuilder().setFirstTask(carryOut(command)).build();
          }
        });
  }

  @Override
  public void submitJob(JobRequest request, StreamObserver<JobReply> out) {
    Answers.send(
        out,
        () -> {
          if (filtering.isOn()) {
            modifications.filter(request.getJob());
          }
          return reply(new Command.SubmitJob(request.getJob()));
        });
  }

  @Override
  public void cancelJob(CancelJobRequest request, StreamObserver<JobReply> out) {
    Answers.send(
        out,
        () ->
            reply(
                new Command.CancelJob(
                    request.getJob(),
                    Verbs.manner(request.getEnding()),
                    Verbs.author(request.getMessage()))));
  }

  @Override
  public void finishJob(FinishJobRequest request, StreamObserver<JobReply> out) {
    Answers.send(
        out,
        () ->
            reply(
                new Command.FinishJob(
                    request.getJob(),
                    Verbs.manner(request.getEnding()),
                    Verbs.author(request.getMessage()))));
  }

  @Override
  public void configureJob(JobRequest request, StreamObserver<JobReply> out) {
    Answers.send(out, () -> reply(new Command.ConfigureJob(request.getJob())));
  }

  @Override
  public void holdJob(HoldJobRequest request, StreamObserver<JobReply> out) {
    Answers.send(out, () -> reply(new Command.HoldJob(request.getJob(), request.getUntil())));
  }

  @Override
  public void cancelTask(TaskVerbRequest request, StreamObserver<TaskReply> out) {
    Answers.send(out, () -> taskReply(request, Verbs.cancel(request)));
  }

  @Override
  public void finishTask(TaskVerbRequest request, StreamObserver<TaskReply> out) {
    Answers.send(out, () -> taskReply(request, Verbs.finish(request)));
  }

  @Override
  public void requeueTask(TaskVerbRequest request, StreamObserver<TaskReply> out) {
    Answers.send(out, () -> taskReply(request, Verbs.requeue(request)));
  }

  @Override
  public void throttleTask(ThrottleTaskRequest request, StreamObserver<JobReply> out) {
    Answers.send(
        out,
        () ->
            reply(
                new Command.ThrottleTask(
                    request.getJob(), request.getTask(), request.getMaxRunning())));
  }

  private TaskReply taskReply(TaskVerbRequest request, Command command) {
    var _ = carryOut(command);
    return tasks.reply(request);
  }

  @Override
  public void requeueJob(RequeueJobRequest request, StreamObserver<JobReply> out) {
    Answers.send(
        out, () -> reply(new Command.RequeueJob(request.getJob(), request.getFailedOnly())));
  }

  @Override
  public void modifyJob(ModifyJobRequest request, StreamObserver<JobReply> out) {
    Answers.send(
        out,
        () -> {
          var change = Answers.accepted(Changes.ofMessage(request.getChange()));
          var requestId = requestId(request.getRequestId());
          return reply(modifications.modify(request.getJob(), requestId, change));
        });
  }

  @Override
  public void setProgress(SetProgressRequest request, StreamObserver<JobReply> out) {
    Answers.send(out, () -> reply(modifications.progress(request)));
  }

  private JobReply reply(Command command) {
    return reply(carryOut(command));
  }

  private JobReply reply(int id) {
    return JobReply.newBuilder().setJob(Messages.job(job(id))).build();
  }

  private int carryOut(Command command) {
    return Answers.accepted(Answers.await(loop.ask(command)));
  }

  private static UUID requestId(ByteString bytes) {
    try {
      return Identities.uuid(bytes);
    } catch (IllegalArgumentException wrong) {
      throw Status.INVALID_ARGUMENT
          .withDescription("expected a request id of 16 bytes, but got " + bytes.size())
          .asRuntimeException();
    }
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsReply> out) {
    Answers.send(
        out,
        () -> {
          var page = ListJobsReply.newBuilder();
          var before = pageToken(request.getPageToken(), Integer.MAX_VALUE, 1);
          for (var job : board.jobs().headMap(before, false).descendingMap().values()) {
            if (page.getJobsCount() == pageSize(request.getPageSize())) {
              var last = page.getJobs(page.getJobsCount() - 1).getId();
              return page.setNextPageToken(Integer.toString(last)).build();
            }
            if ((request.getStates() == 0 || (job.state().flag() & request.getStates()) != 0)
                && (request.getOwner().isEmpty() || request.getOwner().equals(job.owner()))) {
              page.addJobs(Messages.job(job));
            }
          }
          return page.build();
        });
  }

  @Override
  public void getJob(JobRequest request, StreamObserver<JobReply> out) {
    Answers.send(
        out, () -> JobReply.newBuilder().setJob(Messages.job(job(request.getJob()))).build());
  }

  @Override
  public void getDraft(JobRequest request, StreamObserver<GetDraftReply> out) {
    Answers.send(
        out,
        () -> {
          var id = job(request.getJob()).id();
          return GetDraftReply.newBuilder()
              .setDraft(Drafts.toMessage(loop.store().draft(id)))
              .build();
        });
  }

  @Override
  public void explainJob(JobRequest request, StreamObserver<ExplainJobReply> out) {
    Answers.send(out, () -> explainer.explain(job(request.getJob())));
  }

  @Override
  public void listJobHistory(
      ListJobHistoryRequest request, StreamObserver<ListJobHistoryReply> out) {
    Answers.send(
        out,
        () -> {
          job(request.getJob());
          return history.list(request, pageSize(request.getPageSize()));
        });
  }

  private JobView job(int id) {
    var job = board.job(id);
    if (job == null) {
      throw noJob(id);
    }
    return job;
  }

  static StatusRuntimeException noJob(int id) {
    return Status.NOT_FOUND
        .withDescription("expected the id of a job, but there is no job " + id)
        .asRuntimeException();
  }

  // Tasks.

  @Override
  public void listTasks(ListTasksRequest request, StreamObserver<ListTasksReply> out) {
    Answers.send(
        out,
        () -> {
          job(request.getJob());
          return tasks.list(request, pageSize(request.getPageSize()));
        });
  }

  @Override
  public void getInstance(GetInstanceRequest request, StreamObserver<GetInstanceReply> out) {
    Answers.send(
        out,
        () -> {
          job(request.getJob());
          return tasks.get(request);
        });
  }

  // Streams.

  @Override
  public void watch(WatchRequest request, StreamObserver<JobEvent> out) {
    watcher.watch(request, out);
  }

  @Override
  public void readOutput(ReadOutputRequest request, StreamObserver<OutputChunk> out) {
    outputs.read(request, out);
  }

  // Nodes and cluster.

  @Override
  public void listNodes(ListNodesRequest request, StreamObserver<ListNodesReply> out) {
    Answers.send(
        out,
        () ->
            ListNodesReply.newBuilder()
                .addAllNodes(board.nodes().stream().map(Messages::node).toList())
                .build());
  }

  @Override
  public void setNodeOnline(SetNodeOnlineRequest request, StreamObserver<NodeSummary> out) {
    Answers.send(
        out,
        () -> {
          return node(carryOut(new Command.SwitchNode(request.getNode(), request.getOnline())));
        });
  }

  @Override
  public void loseNode(LoseNodeRequest request, StreamObserver<NodeSummary> out) {
    Answers.send(
        out,
        () -> {
          Answers.accepted(SettingsRequests.administrator("give up a node"));
          var author = Verbs.author(request.getMessage());
          return node(carryOut(new Command.LoseNode(request.getNode(), author)));
        });
  }

  private NodeSummary node(int id) {
    var view = board.node(id);
    return view == null ? NodeSummary.getDefaultInstance() : Messages.node(view);
  }

  @Override
  public void backup(BackupRequest request, StreamObserver<BackupPiece> out) {
    backups.send(out);
  }

  @Override
  public void getCluster(GetClusterRequest request, StreamObserver<ClusterSummary> out) {
    Answers.send(
        out,
        () -> {
          var store = loop.store();
          return ClusterSummary.newBuilder()
              .setName(store.clusterName())
              .setUuid(store.cluster().toString())
              .setEpoch(store.epoch())
              .setVersion(version)
              .setSequence(board.sequence())
              .putAllJobCounts(
                  board.jobs().values().stream()
                      .collect(
                          Collectors.groupingBy(job -> job.state().flag(), Collectors.counting())))
              .build();
        });
  }

  @Override
  public void getClusterSettings(
      GetClusterSettingsRequest request, StreamObserver<ClusterSettings> out) {
    Answers.send(out, settings::get);
  }

  @Override
  public void changeClusterSettings(
      ChangeClusterSettingsRequest request, StreamObserver<ClusterSettings> out) {
    Answers.send(out, () -> settings.change(request));
  }

  @Override
  public void listQueue(ListQueueRequest request, StreamObserver<ListQueueReply> out) {
    Answers.send(out, () -> queue.list(request.getMost()));
  }

  @Override
  public void getShareTree(GetShareTreeRequest request, StreamObserver<GetShareTreeReply> out) {
    Answers.send(out, settings::shares);
  }

  private static int pageSize(int asked) {
    return asked <= 0 ? MOST_PER_PAGE : Math.min(asked, MOST_PER_PAGE);
  }

  /// Reads a number of a page token.
  ///
  /// @param first what stands for no token
  /// @param least the lowest that the head node gives out
  static int pageToken(String token, int first, int least) {
    if (token.isEmpty()) {
      return first;
    }
    try {
      var number = Integer.parseInt(token);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // Refused below, as a number that is too low.
    }
    throw wrongPageToken();
  }

  static StatusRuntimeException wrongPageToken() {
    return Status.INVALID_ARGUMENT
        .withDescription("expected a page token of this head node, but got another text")
        .asRuntimeException();
  }
}
