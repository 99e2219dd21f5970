package org.capataz.cli;

import java.util.List;
import java.util.Map;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.TaskChange;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What may be said where a whole job is one command.
final class CommandOptions {

  @Option(
      names = "--task-cores",
      paramLabel = "MIN[-MAX]",
      description =
          "Cores that each run of a sweep takes, or sockets, nodes or GPUs where the job counts in"
              + " these. Default: 1. A command that is no sweep takes those of the job.")
  private @Nullable String taskCores;

  @Mixin private TaskOptions task = new TaskOptions();

  boolean isSweep() {
    return task.isSweep();
  }

  /// A job that runs this command.
  JobDraft draft(List<String> words, JobOptions job, World world) {
    var amount = job.amount();
    if (taskCores != null) {
      var each = Accepted.value(Inputs.cores(taskCores).in("--task-cores"));
      amount = new UnitOptions.Amount(amount.unit(), each);
    } else if (task.isSweep()) {
      amount = new UnitOptions.Amount(amount.unit(), Inputs.ANY_CORES);
    }
    var sized = new TaskChange(amount.ofTask(), Map.of(), Map.of());
    var draft = job.on(JobDraft.EMPTY.plus(sized.on(task.task(words, world))), world);
    if (!JobFiles.mayBeCompleted(draft)) {
      Accepted.value(JobSpec.resolve(draft));
    }
    return draft;
  }

  /// Refuses what says something of a command, where there is another source of tasks.
  void refuse(String where, List<String> words) {
    var given = taskCores != null ? "--task-cores" : task.firstGiven();
    if (given == null && !words.isEmpty()) {
      given = "the command '" + Text.shown(words.getFirst()) + "'";
    }
    if (given != null) {
      throw Accepted.refused(
          "expected no command and no task options " + where + ", but got " + given);
    }
  }
}
