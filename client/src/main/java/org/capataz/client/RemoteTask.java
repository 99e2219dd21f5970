package org.capataz.client;

import java.util.OptionalLong;
import org.capataz.model.TaskState;
import org.capataz.proto.v1.GetInstanceRequest;
import org.capataz.proto.v1.TaskReply;
import org.capataz.proto.v1.TaskVerbRequest;
import org.capataz.proto.v1.ThrottleTaskRequest;

/// A task, decided on over the network.
record RemoteTask(int job, int number, OptionalLong instance, Requests requests) implements Task {

  private TaskVerbRequest.Builder request(String message) {
    var request = TaskVerbRequest.newBuilder().setJob(job).setTask(number).setMessage(message);
    instance.ifPresent(request::setInstance);
    return request;
  }

  @Override
  public TaskStatus cancel(Ending ending, String message) {
    var request = request(message).setEnding(Messages.ending(ending)).build();
    return ended(stub -> stub.cancelTask(request));
  }

  @Override
  public TaskStatus finish(String message) {
    var request = request(message).build();
    return ended(stub -> stub.finishTask(request));
  }

  @Override
  public TaskStatus requeue(String message) {
    var request = request(message).build();
    return Replies.task(requests.ask(stub -> stub.requeueTask(request)).getTask());
  }

  /// Ends it. Where it was ended but the answer lost, the repeat is refused: then it has ended
  /// already.
  private TaskStatus ended(Requests.Request<TaskReply> request) {
    return Replies.task(
        requests
            .ask(
                request,
                refusal -> {
                  var now = requests.ask(stub -> stub.getInstance(status()));
                  var state =
                      instance.isPresent()
                          ? now.getInstance().getState()
                          : now.getTask().getState();
                  if (!TaskState.ofFlag(state).isEnd()) {
                    throw refusal;
                  }
                  return TaskReply.newBuilder().setTask(now.getTask()).build();
                })
            .getTask());
  }

  private GetInstanceRequest status() {
    var request = GetInstanceRequest.newBuilder().setJob(job).setTask(number);
    instance.ifPresent(request::setInstance);
    return request.build();
  }

  @Override
  public void throttle(int maxRunning) {
    var request =
        ThrottleTaskRequest.newBuilder()
            .setJob(job)
            .setTask(number)
            .setMaxRunning(maxRunning)
            .build();
    var _ = requests.ask(stub -> stub.throttleTask(request));
  }

  @Override
  public String toString() {
    return "task " + job + "." + number + (instance.isPresent() ? "." + instance.getAsLong() : "");
  }
}
