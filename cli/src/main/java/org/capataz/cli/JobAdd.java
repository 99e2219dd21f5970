package org.capataz.cli;

import java.util.List;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskProperty;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    description =
        "Adds a task to a job that was made by 'capataz job new', or to one that is running.",
    footer = {
      "",
      "Examples:",
      "  capataz job add 12 --name prepare ./prepare",
      "  capataz job add 12 --name solve --depend prepare --sweep 1-100 -- ./solve '*'",
      "  capataz job add 12 --depend solve 'cat out/*.txt > all.txt'",
      "  capataz job add 12 --taskfile plot.xml",
      "  capataz job add 12 --type NodePrep 'cp /data/grid /tmp/grid'"
    })
final class JobAdd extends ClusterCommand {

  @Option(
      names = "--taskfile",
      paramLabel = "FILE",
      description =
          "A task file in XML, in place of a command; the options from --name to --customproperties"
              + " change what it says.")
  private @Nullable String taskFile;

  @Mixin private FlowOptions flow = new FlowOptions();
  @Mixin private TaskOptions task = new TaskOptions();

  @Parameters(index = "0", paramLabel = "ID", description = "The job.")
  private String id = "";

  @Parameters(
      index = "1..*",
      paramLabel = "CMD",
      arity = "0..*",
      preprocessor = Words.class,
      description = "The command, with its arguments.")
  private List<String> words = List.of();

  JobAdd(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var jobId = Accepted.value(Inputs.job(id));
    var draft = draft();
    return (cluster, out) -> {
      var job = cluster.job(jobId);
      var number = job.addTasks(List.of(draft));
      out.made(
          TaskNoun.TASK,
          job.id() + "." + number,
          () -> job.task(number).status(),
          "Task added. ID: " + job.id() + "." + number);
      return ExitCode.DONE;
    };
  }

  private TaskDraft draft() {
    var draft =
        flow.change(world).on(taskFile == null ? task.task(words, world) : ofFile(taskFile));
    var type = draft.get(TaskProperty.TYPE).flatMap(TaskKind::parse);
    if (task.isSweep() && type.isPresent() && type.get() != TaskKind.PARAMETRIC_SWEEP) {
      throw Accepted.refused(
          "expected a sweep for a ParametricSweep task only, but got --type " + type.get());
    }
    return draft;
  }

  private TaskDraft ofFile(String file) {
    var given = task.firstGiven();
    if (given == null && !words.isEmpty()) {
      given = "the command '" + Text.shown(words.getFirst()) + "'";
    }
    if (given != null) {
      throw Accepted.refused(
          "expected all of the task in the file of --taskfile, but got " + given);
    }
    return JobFiles.readTask(file, world);
  }
}
