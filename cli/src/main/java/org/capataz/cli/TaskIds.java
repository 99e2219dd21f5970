package org.capataz.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.Cluster;
import org.capataz.client.Task;
import org.capataz.client.TaskStatus;
import org.capataz.model.Reference;
import picocli.CommandLine.Parameters;

/// The tasks and instances that a command is about.
final class TaskIds {

  @Parameters(
      paramLabel = "JOB.TASK[.INSTANCE]",
      arity = "1..*",
      description = "The task or one instance of it, or several.")
  private List<String> ids = List.of();

  private List<Reference> checked() {
    var references = new ArrayList<Reference>();
    for (var id : ids) {
      var reference = Accepted.value(Reference.parse(id));
      if (reference.task().isEmpty()) {
        throw Accepted.refused(
            "expected JOB.TASK or JOB.TASK.INSTANCE, such as 12.1, but got '" + id + "'");
      }
      references.add(reference);
    }
    return references.stream().distinct().toList();
  }

  private static Task open(Cluster cluster, Reference id) {
    var job = cluster.job(id.job());
    var task = id.task().orElseThrow();
    return id.instance().isPresent()
        ? job.openInstance(task, id.instance().getAsLong())
        : job.openTask(task);
  }

  /// Does one thing to each, whether or not it could be done to the one before, and says what came
  /// of it. The exit code is that of the first failure.
  ClusterCommand.Work each(World world, Function<Task, TaskStatus> action) {
    var checked = checked();
    return (cluster, out) -> {
      var done = new ArrayList<TaskStatus>();
      var code = ExitCode.DONE;
      for (var id : checked) {
        try {
          done.add(action.apply(open(cluster, id)));
        } catch (CapatazException failure) {
          if (failure.code() == Code.UNREACHABLE || checked.size() == 1) {
            throw failure;
          }
          world.streams().say(Accepted.message(failure));
          code = code == ExitCode.DONE ? failure.code().exitCode() : code;
        }
      }
      out.done(TaskNoun.TASK, done, TaskNoun::sentence);
      return code;
    };
  }
}
