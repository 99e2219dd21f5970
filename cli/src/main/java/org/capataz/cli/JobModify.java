package org.capataz.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.capataz.client.Job;
import org.capataz.client.JobStatus;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "modify",
    description = {
      "Changes a job, as far as its state allows. While it is Configuring or Queued, anything; it"
          + " keeps its place in the queue unless its priority changes. While it is Running: run"
          + " time, priority, project, custom properties and progress; what runs already keeps the"
          + " limit that it was started with.",
      "",
      "A job that has ended becomes Configuring again; 'capataz job submit --id ID' then runs all"
          + " of it anew."
    },
    footer = {
      "",
      "Examples:",
      "  capataz job modify 12 --priority Highest",
      "  capataz job modify 12 --holduntil 2027-01-31T18:00",
      "  capataz job modify 12 --max-running 4",
      "  capataz job modify 12 --runtime 2:00:00 --customproperties 'case=b;reviewed=yes'",
      "  capataz job modify 12 --progress 40 --progressmsg 'second pass'",
      "  capataz job modify 12 --set FailOnTaskFailure=true --set Project="
    })
final class JobModify extends ClusterCommand {

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "A job file in XML whose job says what to change; the tasks in it are left out.")
  private @Nullable String file;

  @Option(
      names = "--set",
      paramLabel = "PROPERTY=VALUE",
      description =
          "Any property by its name in job files; without a value, as if it had never been set."
              + " May be repeated.")
  private List<String> set = List.of();

  @Option(
      names = "--progress",
      paramLabel = "PERCENT",
      description = "How far it is, 0 to 100; by its finished tasks until this is given.")
  private @Nullable Integer progress;

  @Option(
      names = "--progressmsg",
      paramLabel = "TEXT",
      description = "What it is doing, in at most 80 characters.")
  private @Nullable String progressMessage;

  @Option(
      names = "--max-running",
      paramLabel = "N",
      description =
          "Instances of each sweep of a queued or running job that may run at once; 0 for no"
              + " limit.")
  private @Nullable String maxRunning;

  @Mixin private JobOptions job = new JobOptions();

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  JobModify(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var jobId = Accepted.value(Inputs.job(id));
    var change = change();
    var throttle =
        maxRunning == null
            ? OptionalInt.empty()
            : OptionalInt.of(Accepted.value(Inputs.count(maxRunning).in("--max-running")));
    if (change.equals(JobChange.NONE)
        && throttle.isEmpty()
        && progress == null
        && progressMessage == null) {
      throw Accepted.refused(
          "expected something to change, but there is no option; see 'capataz job modify --help'");
    }
    return (cluster, out) -> {
      var target = cluster.job(jobId);
      throttle.ifPresent(target::throttle);
      var status =
          change.equals(JobChange.NONE) && progress == null && progressMessage == null
              ? target.status()
              : modify(target, change);
      out.done(JobNoun.JOB, List.of(status), JobNoun::sentence);
      return ExitCode.DONE;
    };
  }

  private JobStatus modify(Job target, JobChange change) {
    if (progress == null && progressMessage == null) {
      return target.modify(change);
    }
    if (!change.equals(JobChange.NONE)) {
      target.modify(change);
    }
    return target.progress(
        progress == null ? OptionalInt.empty() : OptionalInt.of(progress),
        Optional.ofNullable(progressMessage));
  }

  private JobChange change() {
    var draft =
        file == null
            ? job.on(JobDraft.EMPTY, world)
            : JobFiles.read(file, world, read -> job.on(read.withTasks(List.of()), world));
    var properties = new HashMap<>(draft.properties());
    properties.putAll(Catalogue.set(set, JobProperty.values(), JobProperty.class));
    return new JobChange(properties, draft.environment(), draft.customProperties(), Map.of());
  }
}
