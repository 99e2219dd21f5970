package org.capataz.headnode.rpc;

import org.capataz.headnode.view.Board;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
import org.capataz.proto.v1.InstanceSummary;
import org.capataz.proto.v1.TaskSummary;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.wire.Drafts;
import org.jspecify.annotations.Nullable;

/// Tasks and instances as messages, with the names of their nodes.
final class TaskMessages {

  private final Board board;

  TaskMessages(Board board) {
    this.board = board;
  }

  TaskSummary task(TaskPicture task) {
    var message =
        TaskSummary.newBuilder()
            .setJob(task.job())
            .setTask(task.spec().number())
            .setName(task.spec().name())
            .setCommandLine(task.spec().launch().command().toString())
            .setState(task.state().flag())
            .setTaskCounts(Messages.counts(task.counts()))
            .setParametric(task.spec().isSweep())
            .setType(task.spec().kind().toString())
            .setStartTime(task.times().start())
            .setEndTime(task.times().end());
    if (task.spec().kind() == TaskKind.BASIC) {
      message.setOnlyInstance(instance(task, task.instances(0, 0, 1).getFirst()));
    }
    return message.build();
  }

  InstanceSummary instance(TaskPicture task, TaskPicture.Instance instance) {
    var message =
        InstanceSummary.newBuilder()
            .setJob(task.job())
            .setTask(task.spec().number())
            .setInstance(task.spec().sweep().index(instance.ordinal()))
            .setState(instance.state().flag())
            .addAllParameters(Drafts.variables(task.spec().parameters(instance.ordinal())));
    var live = instance.live();
    var skip = instance.skip();
    var entry = instance.entry();
    if (live != null) {
      message
          .setAttempt(live.id().number())
          .setNode(nodeName(live.node()))
          .setCores(live.cores())
          .setMemoryLimitMb(live.memoryLimitMb())
          .setStartTime(live.life().startTime());
    } else if (skip != null) {
      message.setMessage(skip.message()).setEndTime(skip.time());
    } else if (entry != null) {
      message.setAttempt(entry.number()).setNode(nodeName(entry.node())).setCores(entry.cores());
      end(message, instance.state(), entry.end());
    }
    return message.build();
  }

  /// An event of one instance; null if it is about anything else.
  @Nullable InstanceSummary instance(Event.OfJob event, TaskIndex index) {
    return switch (event) {
      case Event.AttemptDispatched e ->
          index
              .of(e.task(), e.ordinal())
              .setState((e.behind() ? TaskState.QUEUED : TaskState.DISPATCHING).flag())
              .setAttempt(e.number())
              .setNode(nodeName(e.placements().getFirst().node()))
              .build();
      case Event.AttemptStarted e ->
          index
              .of(e.task(), e.ordinal())
              .setState(TaskState.RUNNING.flag())
              .setStartTime(e.startTime())
              .build();
      case Event.AttemptStopping e ->
          index
              .of(e.task(), e.ordinal())
              .setState(TaskState.CANCELING.flag())
              .setMessage(e.message())
              .build();
      case Event.AttemptPartEnded e ->
          index
              .of(e.task(), e.ordinal())
              .setState(TaskState.FINISHING.flag())
              .setMessage(e.end().message())
              .build();
      case Event.AttemptEnded e -> {
        var message = index.of(e.task(), e.ordinal()).setState(e.state().flag());
        end(message, e.state(), e.end());
        yield message.build();
      }
      case Event.OfJob e -> null;
    };
  }

  /// Finds the index of an ordinal.
  @FunctionalInterface
  interface TaskIndex {
    InstanceSummary.Builder of(int task, int ordinal);
  }

  private static void end(InstanceSummary.Builder message, TaskState state, AttemptEnd end) {
    message
        .setStartTime(end.startTime())
        .setEndTime(end.endTime())
        .setExitCode(end.exitCode())
        .setExited(end.exited())
        .setMessage(state == TaskState.FINISHED ? end.message() : end.why())
        .setUserMicros(end.usage().userMicros())
        .setSystemMicros(end.usage().systemMicros())
        .setMaxRssKib(end.usage().maxRssKib())
        .setStderrTail(end.errorTail());
  }

  private String nodeName(int id) {
    var node = board.node(id);
    return node == null ? "" : node.name();
  }
}
