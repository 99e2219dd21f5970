package org.capataz.client;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskState;
import org.capataz.proto.v1.AddTasksRequest;
import org.capataz.proto.v1.CancelJobRequest;
import org.capataz.proto.v1.FinishJobRequest;
import org.capataz.proto.v1.GetInstanceRequest;
import org.capataz.proto.v1.HoldJobRequest;
import org.capataz.proto.v1.JobReply;
import org.capataz.proto.v1.JobRequest;
import org.capataz.proto.v1.ListJobHistoryRequest;
import org.capataz.proto.v1.ListTasksReply;
import org.capataz.proto.v1.ListTasksRequest;
import org.capataz.proto.v1.ModifyJobRequest;
import org.capataz.proto.v1.OutputStream;
import org.capataz.proto.v1.ReadOutputRequest;
import org.capataz.proto.v1.RequeueJobRequest;
import org.capataz.proto.v1.SetProgressRequest;
import org.capataz.proto.v1.ThrottleTaskRequest;
import org.capataz.wire.Changes;
import org.capataz.wire.Drafts;
import org.capataz.wire.Identities;

/// A job, asked about over the network.
record RemoteJob(int id, Requests requests) implements Job {

  /// In place of a task's number: all tasks.
  private static final int ALL_TASKS = 0;

  private JobRequest request() {
    return JobRequest.newBuilder().setJob(id).build();
  }

  @Override
  public JobStatus status() {
    return Replies.job(requests.ask(stub -> stub.getJob(request())).getJob());
  }

  @Override
  public JobDraft draft() {
    return Replies.draft(requests.ask(stub -> stub.getDraft(request())).getDraft());
  }

  @Override
  public int addTasks(List<TaskDraft> tasks) {
    var message =
        AddTasksRequest.newBuilder()
            .setJob(id)
            .setRequestId(Identities.toBytes(UUID.randomUUID()))
            .addAllTasks(tasks.stream().map(Drafts::toMessage).toList())
            .build();
    Requests.checkSize(message);
    return requests.ask(stub -> stub.addTasks(message)).getFirstTask();
  }

  @Override
  public JobStatus submit() {
    return change(stub -> stub.submitJob(request()), state -> state != JobState.CONFIGURING);
  }

  @Override
  public JobStatus modify(JobChange change) {
    var message =
        ModifyJobRequest.newBuilder()
            .setJob(id)
            .setRequestId(Identities.toBytes(UUID.randomUUID()))
            .setChange(Changes.toMessage(change))
            .build();
    Requests.checkSize(message);
    return Replies.job(requests.ask(stub -> stub.modifyJob(message)).getJob());
  }

  @Override
  public JobStatus progress(OptionalInt percent, Optional<String> message) {
    var request = SetProgressRequest.newBuilder().setJob(id);
    percent.ifPresent(request::setProgress);
    message.ifPresent(request::setMessage);
    var built = request.build();
    return Replies.job(requests.ask(stub -> stub.setProgress(built)).getJob());
  }

  @Override
  public JobStatus cancel(Ending ending, String message) {
    var request =
        CancelJobRequest.newBuilder()
            .setJob(id)
            .setMessage(message)
            .setEnding(Messages.ending(ending))
            .build();
    return change(
        stub -> stub.cancelJob(request),
        state ->
            state == JobState.CANCELING || state == JobState.CANCELED || state == JobState.FAILED);
  }

  @Override
  public JobStatus requeue(Requeue which) {
    var request =
        RequeueJobRequest.newBuilder().setJob(id).setFailedOnly(which == Requeue.FAILED).build();
    return change(stub -> stub.requeueJob(request), state -> !state.isEnd());
  }

  @Override
  public JobStatus finish(Ending ending, String message) {
    var request =
        FinishJobRequest.newBuilder()
            .setJob(id)
            .setMessage(message)
            .setEnding(Messages.ending(ending))
            .build();
    return change(
        stub -> stub.finishJob(request),
        state -> state == JobState.FINISHING || state == JobState.FINISHED);
  }

  @Override
  public JobStatus configure() {
    return change(stub -> stub.configureJob(request()), JobState.CONFIGURING::equals);
  }

  @Override
  public JobStatus throttle(int maxRunning) {
    var request =
        ThrottleTaskRequest.newBuilder()
            .setJob(id)
            .setTask(ALL_TASKS)
            .setMaxRunning(maxRunning)
            .build();
    return Replies.job(requests.ask(stub -> stub.throttleTask(request)).getJob());
  }

  @Override
  public JobStatus holdUntil(Instant time) {
    return hold(ChronoUnit.MICROS.between(Instant.EPOCH, time));
  }

  @Override
  public JobStatus release() {
    return hold(0);
  }

  private JobStatus hold(long until) {
    var request = HoldJobRequest.newBuilder().setJob(id).setUntil(until).build();
    return Replies.job(requests.ask(stub -> stub.holdJob(request)).getJob());
  }

  @Override
  public Task openTask(int task) {
    return new RemoteTask(id, task, OptionalLong.empty(), requests);
  }

  @Override
  public Task openInstance(int task, long instance) {
    return new RemoteTask(id, task, OptionalLong.of(instance), requests);
  }

  /// Changes the job's state. Where the change was made but the answer lost, the repeat is refused:
  /// then the job is already where it should go.
  private JobStatus change(Requests.Request<JobReply> request, Predicate<JobState> reached) {
    return Replies.job(
        requests
            .ask(
                request,
                refusal -> {
                  var now = requests.ask(stub -> stub.getJob(request())).getJob();
                  if (!reached.test(Replies.job(now).state())) {
                    throw refusal;
                  }
                  return JobReply.newBuilder().setJob(now).build();
                })
            .getJob());
  }

  @Override
  public Stream<TaskStatus> tasks() {
    return Pages.stream(
        token -> {
          var reply = listTasks(ALL_TASKS, 0, token);
          return new Pages.Page<>(
              reply.getTasksList().stream().map(Replies::task).toList(), reply.getNextPageToken());
        });
  }

  @Override
  public TaskDetail task(int task) {
    var request = GetInstanceRequest.newBuilder().setJob(id).setTask(task).build();
    var reply = requests.ask(stub -> stub.getInstance(request));
    return new TaskDetail(Replies.task(reply.getTask()), Replies.draft(reply.getDraft()));
  }

  @Override
  public Stream<InstanceStatus> instances(int task, Set<TaskState> states) {
    return listInstances(task, flags(states));
  }

  @Override
  public Stream<InstanceStatus> instances(Set<TaskState> states) {
    if (states.isEmpty()) {
      throw new IllegalArgumentException("expected at least one state, but got none");
    }
    return listInstances(ALL_TASKS, flags(states));
  }

  private Stream<InstanceStatus> listInstances(int task, int states) {
    return Pages.stream(
        token -> {
          var reply = listTasks(task, states, token);
          return new Pages.Page<>(
              reply.getInstancesList().stream().map(Replies::instance).toList(),
              reply.getNextPageToken());
        });
  }

  private ListTasksReply listTasks(int task, int states, String token) {
    var request =
        ListTasksRequest.newBuilder()
            .setJob(id)
            .setTask(task)
            .setStates(states)
            .setPageSize(Pages.SIZE)
            .setPageToken(token)
            .build();
    return requests.ask(stub -> stub.listTasks(request));
  }

  private static int flags(Collection<TaskState> states) {
    return states.stream().distinct().mapToInt(TaskState::flag).sum();
  }

  @Override
  public InstanceStatus instance(int task, long instance) {
    var request =
        GetInstanceRequest.newBuilder().setJob(id).setTask(task).setInstance(instance).build();
    return Replies.instance(requests.ask(stub -> stub.getInstance(request)).getInstance());
  }

  @Override
  public Explanation explain() {
    return Replies.explanation(requests.ask(stub -> stub.explainJob(request())));
  }

  @Override
  public Stream<HistoryEntry> history() {
    return Pages.stream(
        token -> {
          var request =
              ListJobHistoryRequest.newBuilder()
                  .setJob(id)
                  .setPageSize(Pages.SIZE)
                  .setPageToken(token)
                  .build();
          var reply = requests.ask(stub -> stub.listJobHistory(request));
          return new Pages.Page<>(
              reply.getEntriesList().stream().map(Replies::history).toList(),
              reply.getNextPageToken());
        });
  }

  @Override
  public Watch watch(WatchOptions options) {
    requests.ask(stub -> stub.getJob(request()));
    return new RemoteWatch(requests.heads(), id, options);
  }

  @Override
  public JobStatus await() throws InterruptedException {
    return await(Deadline.never()).orElseThrow();
  }

  @Override
  public Optional<JobStatus> await(Duration timeout) throws InterruptedException {
    return await(Deadline.in(timeout));
  }

  private Optional<JobStatus> await(Deadline deadline) throws InterruptedException {
    var backoff = new Backoff();
    while (!deadline.hasPassed()) {
      try (var watch = watch(WatchOptions.fromNow().untilEnd())) {
        for (var event = watch.poll(deadline.time());
            event.isPresent();
            event = watch.poll(deadline.time())) {
          var job = event.get().job();
          if (job.state().isEnd() || event.get().deleted()) {
            return Optional.of(job);
          }
        }
      }
      // The head node stopped in good order, or time is up.
      Thread.sleep(Duration.ofNanos(Math.min(backoff.next().toNanos(), deadline.time().toNanos())));
    }
    return Optional.empty();
  }

  @Override
  public InputStream output(
      int task, long instance, StandardStream stream, Consumer<MissingOutput> missing) {
    var request = request(task, instance, stream).build();
    return new OutputInput(requests, request, missing);
  }

  @Override
  public InputStream follow(
      int task, long instance, StandardStream stream, Consumer<MissingOutput> missing) {
    var request = request(task, instance, stream).setFollow(true).build();
    return new OutputInput(requests, request, missing);
  }

  private ReadOutputRequest.Builder request(int task, long instance, StandardStream stream) {
    return ReadOutputRequest.newBuilder()
        .setJob(id)
        .setTask(task)
        .setInstance(instance)
        .setStream(
            switch (stream) {
              case OUTPUT -> OutputStream.STANDARD_OUTPUT;
              case ERROR -> OutputStream.STANDARD_ERROR;
            });
  }

  @Override
  public String toString() {
    return "job " + id;
  }
}
