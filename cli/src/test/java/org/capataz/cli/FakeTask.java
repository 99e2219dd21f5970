package org.capataz.cli;

import java.util.OptionalLong;
import org.capataz.client.Ending;
import org.capataz.client.Task;
import org.capataz.client.TaskStatus;

/// A task in memory: its job notes what it was asked for.
record FakeTask(FakeJob owner, int number, OptionalLong instance) implements Task {

  @Override
  public int job() {
    return owner.id();
  }

  private TaskStatus asked(String what) {
    var index = instance.isPresent() ? "." + instance.getAsLong() : "";
    owner.asked.add(number + index + " " + what.strip());
    return owner.task(number).status();
  }

  @Override
  public TaskStatus cancel(Ending ending, String message) {
    return asked("cancel " + ending + " " + message);
  }

  @Override
  public TaskStatus finish(String message) {
    return asked("finish " + message);
  }

  @Override
  public TaskStatus requeue(String message) {
    return asked("requeue " + message);
  }

  @Override
  public void throttle(int maxRunning) {
    asked("throttle " + maxRunning);
  }
}
