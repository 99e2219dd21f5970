package org.capataz.cli;

import org.capataz.cli.output.Output;
import org.capataz.client.Job;
import org.capataz.model.JobDraft;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "new",
    description =
        "Makes a job without submitting it. Add tasks with 'capataz job add', then put it into the"
            + " queue with 'capataz job submit --id ID'.",
    footer = {
      "",
      "Examples:",
      "  id=$(capataz job new --name flow -o id)",
      "  capataz job add \"$id\" --name prepare ./prepare",
      "  capataz job add \"$id\" --name solve --depend prepare ./solve",
      "  capataz job submit --id \"$id\""
    })
final class JobNew extends ClusterCommand {

  @Option(names = "--file", paramLabel = "FILE", description = "A job file in XML to start from.")
  private @Nullable String file;

  @Mixin private JobOptions job = new JobOptions();

  JobNew(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var draft =
        file == null
            ? job.on(JobDraft.EMPTY, world)
            : JobFiles.read(file, world, read -> job.on(read, world));
    return making(draft, world);
  }

  /// Stores a job in state Configuring, and says its id.
  static Work making(JobDraft draft, World world) {
    return (cluster, out) -> made(cluster.create(draft), out, world);
  }

  /// Says the id of a job that was made.
  static int made(Job made, Output out, World world) {
    new LastJob(world).note(made.id());
    out.made(
        JobNoun.JOB, Integer.toString(made.id()), made::status, "Job created. ID: " + made.id());
    return ExitCode.DONE;
  }
}
