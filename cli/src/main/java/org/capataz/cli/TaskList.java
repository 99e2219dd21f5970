package org.capataz.cli;

import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import org.capataz.cli.output.Output;
import org.capataz.client.Job;
import org.capataz.model.Reference;
import org.capataz.model.TaskState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "list",
    description = {
      "Lists the tasks of a job, a sweep as one of them.",
      "",
      "Of JOB.TASK, or with --expand or --state, the single instances are listed."
    },
    footer = {
      "",
      "Examples:",
      "  capataz task list 12",
      "  capataz task list 12 --state failed",
      "  capataz task list 12.2 -o csv"
    })
final class TaskList extends ClusterCommand {

  @Parameters(paramLabel = "JOB[.TASK]", description = "The job, or one of its tasks.")
  private String id = "";

  @Option(
      names = "--state",
      paramLabel = "STATE,...",
      description = "Instances in one of these states, such as running or failed.")
  private @Nullable String state;

  @Option(names = "--expand", description = "Instances in any state.")
  private boolean expand;

  TaskList(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var reference = Accepted.value(Reference.parse(id));
    if (reference.instance().isPresent()) {
      throw Accepted.refused(
          "expected JOB or JOB.TASK, but got '" + id + "'; see 'capataz task view " + id + "'");
    }
    var states = states();
    var wholeTasks = reference.task().isEmpty() && states.isEmpty() && !expand;
    return (cluster, out) -> {
      var job = cluster.job(reference.job());
      if (wholeTasks) {
        try (var tasks = job.tasks()) {
          out.list(TaskNoun.TASK, tasks);
        }
      } else {
        listInstances(job, reference.task(), states, out);
      }
      return ExitCode.DONE;
    };
  }

  private static void listInstances(Job job, OptionalInt task, Set<TaskState> states, Output out) {
    try (var instances =
        task.isPresent()
            ? job.instances(task.getAsInt(), states)
            : job.instances(states.isEmpty() ? EnumSet.allOf(TaskState.class) : states)) {
      out.list(TaskNoun.INSTANCE, instances);
    }
  }

  private Set<TaskState> states() {
    return state == null
        ? Set.of()
        : Accepted.value(Inputs.states(state, TaskState.values(), TaskState::parse).in("--state"));
  }
}
