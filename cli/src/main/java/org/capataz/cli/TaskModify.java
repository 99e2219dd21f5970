package org.capataz.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.capataz.model.JobChange;
import org.capataz.model.Reference;
import org.capataz.model.TaskChange;
import org.capataz.model.TaskProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "modify",
    description = {
      "Changes a task of a job that is Configuring or Queued; a job that has ended becomes"
          + " Configuring again.",
      "",
      "Options are those of 'capataz job add', and what is not given stays as it is; --set takes"
          + " any property by its name in job files. --max-running stands alone, for a job that is"
          + " Queued or Running."
    },
    footer = {
      "",
      "Examples:",
      "  capataz task modify 12.1 --numcores 4 --runtime 30",
      "  capataz task modify 12.2 --set EndValue=500",
      "  capataz task modify 12.2 --max-running 4",
      "  capataz task modify 12.1 -- ./model --steps 200"
    })
final class TaskModify extends ClusterCommand {

  private static final TaskChange NOTHING = new TaskChange(Map.of(), Map.of(), Map.of());

  @Option(
      names = "--set",
      paramLabel = "PROPERTY=VALUE",
      description =
          "Any property by its name in job files; without a value, as if it had never been set."
              + " May be repeated.")
  private List<String> set = List.of();

  @Mixin private FlowOptions flow = new FlowOptions();
  @Mixin private RunOptions run = new RunOptions();

  @Parameters(index = "0", paramLabel = "ID", description = "The task, as JOB.TASK.")
  private String id = "";

  @Parameters(
      index = "1..*",
      paramLabel = "CMD",
      arity = "0..*",
      preprocessor = Words.class,
      description = "Another command, with its arguments.")
  private List<String> words = List.of();

  TaskModify(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var reference = Accepted.value(Reference.parse(id));
    if (reference.task().isEmpty() || reference.instance().isPresent()) {
      throw Accepted.refused("expected a task as JOB.TASK, such as 12.1, but got '" + id + "'");
    }
    var number = reference.task().getAsInt();
    var change = change();
    var maxRunning = run.properties(world).get(TaskProperty.MAX_RUNNING);
    var throttle =
        maxRunning == null
            ? OptionalInt.empty()
            : OptionalInt.of(Accepted.value(Inputs.count(maxRunning).in("--max-running")));
    if (throttle.isPresent() && change.equals(NOTHING)) {
      return (cluster, out) -> {
        var job = cluster.job(reference.job());
        job.openTask(number).throttle(throttle.getAsInt());
        out.done(TaskNoun.TASK, List.of(job.task(number).status()), TaskNoun::sentence);
        return ExitCode.DONE;
      };
    }
    if (throttle.isPresent()) {
      throw Accepted.refused(
          "expected --max-running alone, or --set MaxRunning=N among others, but got it with"
              + " others");
    }
    if (change.equals(NOTHING)) {
      throw Accepted.refused(
          "expected something to change, but there is no option; see 'capataz task modify --help'");
    }
    return (cluster, out) -> {
      var job = cluster.job(reference.job());
      var status = job.modify(JobChange.ofTask(number, change));
      out.done(
          TaskNoun.TASK,
          List.of(job.task(number).status()),
          task -> "Task " + reference + " of a job that is " + status.state() + ": changed");
      return ExitCode.DONE;
    };
  }

  private TaskChange change() {
    var given = flow.change(world);
    var properties = new EnumMap<TaskProperty, String>(TaskProperty.class);
    properties.putAll(given.properties());
    properties.putAll(run.properties(world));
    properties.remove(TaskProperty.MAX_RUNNING);
    if (!words.isEmpty()) {
      properties.put(TaskProperty.COMMAND_LINE, RunOptions.commandLine(words));
    }
    properties.putAll(Catalogue.set(set, TaskProperty.values(), TaskProperty.class));
    return new TaskChange(properties, given.environment(), given.customProperties());
  }
}
