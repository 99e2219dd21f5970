package org.capataz.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.capataz.cli.output.Format;
import org.capataz.cli.output.Output;
import org.capataz.cli.output.Part;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.model.JobDraft;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "submit",
    description = {
      "Puts a job into the queue: a command, a job file, or a job made by 'capataz job new'.",
      "",
      "A single word with white space in it is a command line in the shell's quoting; several words"
          + " are the program and its arguments as they are."
    },
    footer = {
      "",
      "Examples:",
      "  capataz job submit ./model --steps 100",
      "  capataz job submit --name sort --numcores 4 'sort --parallel=4 < in > out'",
      "  capataz job submit --sweep 1-100 --stdout 'out/*.txt' -- ./model '*'",
      "  capataz job submit --file study.xml",
      "  capataz job submit --dry-run --numcores 16 ./model",
      "  capataz job submit --id 12"
    })
final class JobSubmit extends ClusterCommand {

  @Option(names = "--file", paramLabel = "FILE", description = "A job file in XML.")
  private @Nullable String file;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "A job that 'capataz job new' made, with the tasks that were added to it.")
  private @Nullable String id;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print the id alone.")
  private boolean quiet;

  @Option(
      names = "--dry-run",
      description =
          "Submit nothing, but say whether the job would be accepted, when it would start, and"
              + " where.")
  private boolean dryRun;

  @Mixin private JobOptions job = new JobOptions();
  @Mixin private CommandOptions command = new CommandOptions();

  @Parameters(
      paramLabel = "CMD",
      arity = "0..*",
      preprocessor = Words.class,
      description = "The command, with its arguments.")
  private List<String> words = List.of();

  JobSubmit(World world) {
    super(world);
  }

  @Override
  Output output(OutputOptions options) {
    return quiet ? options.open(world, Format.ID) : options.open(world);
  }

  @Override
  Work prepare() {
    if (dryRun) {
      var source = id == null ? given() : made().andThen(Job::draft);
      return (cluster, out) -> {
        var trial = cluster.tryOut(source.apply(cluster));
        out.view(
            DryRunNoun.DRY_RUN,
            trial,
            new Part<>(DryRunNoun.PLACE, trial.places().stream(), "capataz node list"));
        return ExitCode.DONE;
      };
    }
    var source = source();
    return (cluster, out) -> {
      var job = source.apply(cluster);
      new LastJob(world).note(job.id());
      out.made(
          JobNoun.JOB, Integer.toString(job.id()), job::status, "Job submitted. ID: " + job.id());
      return ExitCode.DONE;
    };
  }

  /// What submits the job.
  private Function<Cluster, Job> source() {
    if (id == null) {
      var draft = draft();
      return cluster -> cluster.submit(draft);
    }
    var made = made();
    return cluster -> {
      var job = made.apply(cluster);
      job.submit();
      return job;
    };
  }

  private Function<Cluster, JobDraft> given() {
    var draft = draft();
    return cluster -> draft;
  }

  /// The job that is there already.
  private Function<Cluster, Job> made() {
    command.refuse("with --id", words);
    if (file != null) {
      throw Accepted.refused("expected --id or --file, but got both");
    }
    int made = Accepted.value(Inputs.job(String.valueOf(id)).in("--id"));
    return cluster -> cluster.job(made);
  }

  private JobDraft draft() {
    if (file != null) {
      command.refuse("with --file", words);
      return JobFiles.read(file, world, draft -> job.on(draft, world));
    }
    if (words.size() == 1 && isJobFile(world.directory().resolve(words.getFirst()))) {
      throw Accepted.refused(
          "expected a command, but "
              + Text.shown(words.getFirst())
              + " is a job file; --file submits it");
    }
    return command.draft(words, job, world);
  }

  private static boolean isJobFile(Path file) {
    return file.toString().endsWith(".xml")
        && Files.isRegularFile(file)
        && !Files.isExecutable(file);
  }
}
