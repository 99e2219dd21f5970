package org.capataz.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.capataz.model.JobChange;
import org.capataz.model.Reference;
import org.capataz.model.TaskChange;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;
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
      "Options are those of 'capataz job add'; --set takes any property by its name in job files."
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

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the task.")
  private @Nullable String name;

  @Option(
      names = "--depend",
      paramLabel = "NAME,...",
      description = "Tasks that must have ended before this one starts.")
  private @Nullable String depend;

  @Option(
      names = "--numcores",
      paramLabel = "MIN[-MAX]",
      description = "Cores that one run needs, and can use.")
  private @Nullable String numcores;

  @Option(
      names = "--runtime",
      paramLabel = "[[D:]H:]M",
      description = "Days, hours and minutes after which a run is ended and failed.")
  private @Nullable String runtime;

  @Option(names = "--workdir", paramLabel = "DIR", description = "Directory to run in.")
  private @Nullable String workdir;

  @Option(names = "--stdin", paramLabel = "FILE", description = "File for standard input.")
  private @Nullable String stdin;

  @Option(names = "--stdout", paramLabel = "FILE", description = "File for standard output.")
  private @Nullable String stdout;

  @Option(names = "--stderr", paramLabel = "FILE", description = "File for standard error.")
  private @Nullable String stderr;

  @Option(
      names = "--max-running",
      paramLabel = "N",
      description =
          "Instances of the sweep that may run at once, in a running job too; 0 for no limit.")
  private @Nullable String maxRunning;

  @Mixin private Environment environment = new Environment();
  @Mixin private CustomOption custom = new CustomOption();

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
    var properties = new HashMap<TaskProperty, String>();
    put(properties, TaskProperty.NAME, name);
    put(properties, TaskProperty.DEPENDS_ON, depend);
    put(properties, TaskProperty.STD_IN_FILE_PATH, stdin);
    put(properties, TaskProperty.STD_OUT_FILE_PATH, stdout);
    put(properties, TaskProperty.STD_ERR_FILE_PATH, stderr);
    if (workdir != null) {
      properties.put(TaskProperty.WORK_DIRECTORY, Inputs.absolute(workdir, world.directory()));
    }
    if (numcores != null) {
      var cores = Accepted.value(Inputs.cores(numcores).in("--numcores"));
      properties.put(TaskProperty.MIN_CORES, text(cores.min()));
      properties.put(TaskProperty.MAX_CORES, text(cores.max()));
    }
    if (runtime != null) {
      var limit = Accepted.value(Inputs.runtime(runtime).in("--runtime"));
      properties.put(
          TaskProperty.RUNTIME_SECONDS,
          limit.map(Duration::toSeconds).map(String::valueOf).orElse(""));
    }
    if (!words.isEmpty()) {
      properties.put(TaskProperty.COMMAND_LINE, TaskOptions.commandLine(words));
    }
    properties.putAll(Catalogue.set(set, TaskProperty.values(), TaskProperty.class));
    return new TaskChange(properties, environment.variables(world), custom.properties());
  }

  private static void put(
      Map<TaskProperty, String> properties, TaskProperty property, @Nullable String text) {
    if (text != null) {
      properties.put(property, text);
    }
  }

  /// A half that is worked out is as if it had never been set.
  private static String text(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "";
  }
}
