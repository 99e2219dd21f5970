package org.capataz.headnode.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.JobDraft;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.capataz.proto.v1.GetInstanceReply;
import org.capataz.proto.v1.GetInstanceRequest;
import org.capataz.proto.v1.ListTasksReply;
import org.capataz.proto.v1.ListTasksRequest;
import org.capataz.proto.v1.TaskReply;
import org.capataz.proto.v1.TaskSummary;
import org.capataz.proto.v1.TaskVerbRequest;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.wire.Drafts;
import org.jspecify.annotations.Nullable;

/// Answers questions about tasks and instances: takes pictures of the tasks on the engine's thread,
/// and reads them here.
final class TaskQueries {

  private final EngineLoop loop;
  private final TaskMessages messages;

  TaskQueries(EngineLoop loop) {
    this.loop = loop;
    this.messages = new TaskMessages(loop.board());
  }

  /// Where the next page goes on: a task, and an ordinal in it.
  private record Place(int task, int ordinal) {
    static Place of(String token, int task) {
      if (token.isEmpty()) {
        return new Place(Math.max(1, task), 0);
      }
      var parts = token.split(":", 2);
      return new Place(
          SchedulerService.pageToken(parts[0], 1, 1),
          SchedulerService.pageToken(parts.length > 1 ? parts[1] : "", 0, 0));
    }

    @Override
    public String toString() {
      return task + ":" + ordinal;
    }
  }

  ListTasksReply list(ListTasksRequest request, int pageSize) {
    if (request.getTask() < 0) {
      throw noTask(request.getJob(), request.getTask());
    }
    var from = Place.of(request.getPageToken(), request.getTask());
    var draft = draftOf(request.getJob());
    if (draft != null) {
      return unsubmitted(request.getJob(), draft, from, pageSize);
    }
    return request.getTask() == 0 && request.getStates() == 0
        ? tasks(request.getJob(), from, pageSize)
        : instances(request, from, pageSize);
  }

  private ListTasksReply tasks(int job, Place from, int pageSize) {
    var page = ListTasksReply.newBuilder();
    var pictures = pictures(job, from.task(), pageSize + 1);
    for (var picture : pictures.subList(0, Math.min(pageSize, pictures.size()))) {
      page.addTasks(messages.task(picture));
    }
    if (pictures.size() > pageSize) {
      page.setNextPageToken(new Place(from.task() + pageSize, 0).toString());
    }
    return page.build();
  }

  private ListTasksReply instances(ListTasksRequest request, Place from, int pageSize) {
    var page = ListTasksReply.newBuilder();
    var task = from.task();
    var ordinal = from.ordinal();
    while (true) {
      var pictures = pictures(request.getJob(), task, 1);
      if (pictures.isEmpty()) {
        if (request.getTask() != 0 && page.getInstancesCount() == 0) {
          throw noTask(request.getJob(), request.getTask());
        }
        return page.build();
      }
      var picture = pictures.getFirst();
      var left = pageSize - page.getInstancesCount();
      var found = picture.instances(ordinal, request.getStates(), left + 1);
      for (var instance : found.subList(0, Math.min(left, found.size()))) {
        page.addInstances(messages.instance(picture, instance));
      }
      if (found.size() > left) {
        return page.setNextPageToken(new Place(task, found.get(left).ordinal()).toString()).build();
      }
      if (request.getTask() != 0) {
        return page.build();
      }
      task++;
      ordinal = 0;
    }
  }

  GetInstanceReply get(GetInstanceRequest request) {
    var draft = loop.store().draft(request.getJob());
    if (request.getTask() < 1 || request.getTask() > draft.tasks().size()) {
      throw noTask(request.getJob(), request.getTask());
    }
    var reply =
        GetInstanceReply.newBuilder()
            .setDraft(Drafts.toMessage(draft.tasks().get(request.getTask() - 1)));
    var picture = picture(request.getJob(), request.getTask());
    if (picture == null) {
      return reply.setTask(unsubmitted(request.getJob(), request.getTask(), draft.tasks())).build();
    }
    reply.setTask(messages.task(picture));
    if (!request.hasInstance()) {
      return reply.build();
    }
    return reply
        .setInstance(messages.instance(picture, instance(picture, request.getInstance())))
        .build();
  }

  /// A task, and the instance of it if one is named, as they are after a request.
  TaskReply reply(TaskVerbRequest request) {
    var reply = TaskReply.newBuilder();
    var picture = picture(request.getJob(), request.getTask());
    if (picture != null) {
      reply.setTask(messages.task(picture));
      var ordinal =
          request.hasInstance() ? picture.spec().sweep().ordinal(request.getInstance()) : -1;
      if (ordinal >= 0) {
        reply.setInstance(messages.instance(picture, instance(picture, ordinal)));
      }
    }
    return reply.build();
  }

  UUID cluster() {
    return loop.store().cluster();
  }

  /// The instance of that index.
  ///
  /// @throws StatusRuntimeException if the task has none, or remembers none any more
  static TaskPicture.Instance instance(TaskPicture picture, long index) {
    var ordinal = picture.spec().sweep().ordinal(index);
    return (ordinal < 0 ? List.<TaskPicture.Instance>of() : picture.instances(ordinal, 0, 1))
        .stream()
            .filter(found -> found.ordinal() == ordinal)
            .findFirst()
            .orElseThrow(
                () ->
                    Status.NOT_FOUND
                        .withDescription(
                            "expected an instance of task "
                                + picture.job()
                                + "."
                                + picture.spec().number()
                                + ", but it has no instance "
                                + index)
                        .asRuntimeException());
  }

  /// A task as it is, or null if the job has not been submitted or has no such task.
  @Nullable TaskPicture picture(int job, int task) {
    var found = pictures(job, task, 1);
    return found.isEmpty() ? null : found.getFirst();
  }

  private List<TaskPicture> pictures(int id, int from, int most) {
    return Answers.await(loop.read(state -> take(state, id, from, most)));
  }

  private static List<TaskPicture> take(ClusterState state, int id, int from, int most) {
    var job = state.job(id);
    var pictures = new ArrayList<TaskPicture>();
    if (job != null && from >= 1) {
      for (var number = from; number <= job.tasks().size() && pictures.size() < most; number++) {
        pictures.add(TaskPicture.of(job, job.task(number), state.settings()));
      }
    }
    return pictures;
  }

  private @Nullable JobDraft draftOf(int id) {
    return Answers.await(
            loop.read(
                state -> {
                  Job job = state.job(id);
                  return job == null || job.isSubmitted()
                      ? Optional.<JobDraft>empty()
                      : Optional.of(job.draft());
                }))
        .orElse(null);
  }

  private static ListTasksReply unsubmitted(int job, JobDraft draft, Place from, int pageSize) {
    var page = ListTasksReply.newBuilder();
    var end = (int) Math.min(draft.tasks().size(), from.task() - 1L + pageSize);
    for (var number = from.task(); number <= end; number++) {
      page.addTasks(unsubmitted(job, number, draft.tasks()));
    }
    return end < draft.tasks().size()
        ? page.setNextPageToken(new Place(end + 1, 0).toString()).build()
        : page.build();
  }

  private static TaskSummary unsubmitted(int job, int number, List<TaskDraft> tasks) {
    var task = tasks.get(number - 1);
    return TaskSummary.newBuilder()
        .setJob(job)
        .setTask(number)
        .setName(task.get(TaskProperty.NAME).orElse(""))
        .setCommandLine(task.get(TaskProperty.COMMAND_LINE).orElse(""))
        .setState(TaskState.CONFIGURING.flag())
        .build();
  }

  static StatusRuntimeException noTask(int job, int task) {
    return Status.NOT_FOUND
        .withDescription("expected a task of job " + job + ", but it has no task " + task)
        .asRuntimeException();
  }
}
