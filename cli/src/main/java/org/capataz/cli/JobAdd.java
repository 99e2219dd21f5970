package org.capataz.cli;

import java.util.LinkedHashMap;
import java.util.List;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.Text;
import org.capataz.model.Unit;
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
      "  capataz job add 12 --taskfile plot.xml"
    })
final class JobAdd extends ClusterCommand {

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the task, for --depend; tasks of one name are waited for together.")
  private @Nullable String name;

  @Option(
      names = "--depend",
      paramLabel = "NAME,...",
      description = "Tasks that must have ended before this one starts.")
  private @Nullable String depend;

  @Option(
      names = "--numcores",
      paramLabel = "MIN[-MAX]",
      description = "Cores that one run needs, and can use. Default: 1.")
  private @Nullable String numcores;

  @Mixin private UnitOptions units = new UnitOptions();

  @Option(
      names = "--requestednodegroup",
      paramLabel = "GROUP",
      description = "Node group that the task's nodes must be in.")
  private @Nullable String requestedNodeGroup;

  @Option(
      names = "--exclusive",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Whether nothing else of the job may run on a run's nodes; only in an exclusive job."
              + " Default: false.")
  private @Nullable Boolean exclusive;

  @Option(
      names = "--runtime",
      paramLabel = "[[D:]H:]M",
      description =
          "Days, hours and minutes after which a run is ended and failed. Default: Infinite.")
  private @Nullable String runtime;

  @Option(
      names = "--taskfile",
      paramLabel = "FILE",
      description =
          "A task file in XML, in place of a command; --name, --depend, --numcores, --runtime and"
              + " --env change what it says.")
  private @Nullable String taskFile;

  @Option(
      names = "--valid-exit-codes",
      paramLabel = "CODES",
      description = "Exit codes with which a run is Finished. Default: those of the job.")
  private @Nullable String validExitCodes;

  @Mixin private TaskOptions task = new TaskOptions();
  @Mixin private Environment environment = new Environment();
  @Mixin private CustomOption custom = new CustomOption();

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
    var amount = units.amount(numcores);
    if (amount == null) {
      amount = new UnitOptions.Amount(Unit.CORE, Inputs.ANY_CORES);
    }
    var draft =
        taskFile == null ? task.task(words, amount, world).build() : ofFile(taskFile, amount);
    if (requestedNodeGroup != null) {
      draft = draft.with(TaskProperty.REQUESTED_NODE_GROUP, requestedNodeGroup);
    }
    if (exclusive != null) {
      draft = draft.with(TaskProperty.IS_EXCLUSIVE, exclusive.toString());
    }
    if (name != null) {
      draft = draft.with(TaskProperty.NAME, name);
    }
    if (depend != null) {
      draft = draft.with(TaskProperty.DEPENDS_ON, depend);
    }
    if (validExitCodes != null) {
      draft = draft.with(TaskProperty.TASK_VALID_EXIT_CODES, validExitCodes);
    }
    if (runtime != null) {
      var limit = Accepted.value(Inputs.runtime(runtime).in("--runtime"));
      if (limit.isPresent()) {
        draft = draft.with(TaskProperty.RUNTIME_SECONDS, Long.toString(limit.get().toSeconds()));
      }
    }
    var variables = new LinkedHashMap<>(draft.environment());
    variables.putAll(environment.variables(world));
    return draft
        .withEnvironment(variables)
        .withCustomProperties(custom.over(draft.customProperties()));
  }

  private TaskDraft ofFile(String file, UnitOptions.Amount amount) {
    var given = task.firstGiven();
    if (given == null && !words.isEmpty()) {
      given = "the command '" + Text.shown(words.getFirst()) + "'";
    }
    if (given != null) {
      throw Accepted.refused(
          "expected all of the task in the file of --taskfile, but got " + given);
    }
    return TaskOptions.with(amount, JobFiles.readTask(file, world));
  }
}
