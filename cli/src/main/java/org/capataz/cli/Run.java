package org.capataz.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.capataz.cli.output.Format;
import org.capataz.cli.run.RunFolder;
import org.capataz.model.JobDraft;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    description = {
      "Runs a job file or a command to its end, on a cluster of its own on this machine, or on a"
          + " running one with --head.",
      "",
      "A file's tasks run in its folder unless it says otherwise. A command runs in your directory"
          + " and environment: its output is passed on as it comes, and its exit code is returned."
          + " Ctrl-C cancels the job; with --head it leaves the job alone."
    },
    footer = {
      "",
      "Examples:",
      "  capataz run study.xml",
      "  capataz run -- make -j 4 all",
      "  capataz run --sweep 1-100 --stdout 'out/*.txt' -- ./model '*'",
      "  capataz run --resume",
      "  capataz run --head head1:5800 study.xml"
    })
final class Run implements Callable<Integer> {

  @Option(names = "--file", paramLabel = "FILE", description = "A job file in XML.")
  private @Nullable String file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder for database, logs and what tasks write. Default: one for this directory under"
              + " $XDG_STATE_HOME/capataz/runs.")
  private @Nullable String data;

  @Option(
      names = "--resume",
      description =
          "Run again what did not finish of the last run in this directory, or in --data.")
  private boolean resume;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but what goes wrong.")
  private boolean quiet;

  @Option(
      names = "--head",
      paramLabel = "HOST:PORT",
      description =
          "A running head node, or several with commas between, in place of a cluster of its own."
              + " Default: CAPATAZ_HEAD, if that is set.")
  private @Nullable String head;

  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private JobOptions job = new JobOptions();
  @Mixin private CommandOptions command = new CommandOptions();

  @Parameters(
      paramLabel = "FILE | -- CMD",
      arity = "0..*",
      preprocessor = Words.class,
      description = "A job file (one name that ends in .xml), or the command with its arguments.")
  private List<String> words = List.of();

  @Spec private @Nullable CommandSpec spec;

  private final World world;

  Run(World world) {
    this.world = world;
  }

  @Override
  public Integer call() throws Exception {
    var running = new HeadOption(head);
    var remote = running.named(world) != null;
    var format = output.format();
    var session =
        new RunSession(
            world,
            format == Format.TABLE ? null : output.open(world),
            quiet ? RunSession.Talk.QUIET : RunSession.Talk.FULL);
    if (remote) {
      if (resume || data != null) {
        throw Accepted.refused(
            "expected neither --resume nor --data with a running head node ("
                + running.named(world)
                + (head == null ? ", of CAPATAZ_HEAD" : "")
                + "), but got "
                + (resume ? "--resume; see 'capataz job requeue'" : "--data"));
      }
      return session.onCluster(running, work(true));
    }
    if (resume) {
      command.refuse("with --resume", words);
      if (file != null) {
        throw Accepted.refused("expected --resume or a job file, but got both");
      }
      try (var folder = data == null ? RunFolder.ofLastRun(world.directory(), runs()) : chosen()) {
        return session.resume(folder);
      }
    }
    var work = work(false);
    try (var folder = data == null ? RunFolder.of(world.directory(), runs()) : chosen()) {
      return session.onPrivateCluster(folder, work);
    }
  }

  /// What is to be run.
  private RunSession.Work work(boolean remote) {
    var name = file();
    if (name != null) {
      command.refuse("with a job file", file == null ? List.of() : words);
      var draft = JobFiles.read(name, world, read -> job.on(remote ? read : inherit(read), world));
      return new RunSession.Work(draft, false);
    }
    if (words.size() > 1
        && words.getFirst().endsWith(".xml")
        && words.get(1).startsWith("-")
        && !isAfterDashes()) {
      throw Accepted.refused(
          "expected options before the job file, but got "
              + words.get(1)
              + " after "
              + words.getFirst()
              + "; for a program of that name put '--' before it");
    }
    var draft = command.draft(words, job, world);
    return new RunSession.Work(inherit(draft), !command.isSweep());
  }

  /// The job file, whichever way it was named; null for a command.
  private @Nullable String file() {
    if (file != null) {
      return file;
    }
    return words.size() == 1 && words.getFirst().endsWith(".xml") && !isAfterDashes()
        ? words.getFirst()
        : null;
  }

  private boolean isAfterDashes() {
    if (spec == null) {
      return false;
    }
    var given = spec.commandLine().getParseResult().originalArgs();
    var first = given.size() - words.size();
    return first > 0 && given.get(first - 1).equals("--");
  }

  /// The caller's environment below the job's own.
  private JobDraft inherit(JobDraft draft) {
    var variables = new LinkedHashMap<>(Environment.inherited(world));
    variables.putAll(draft.environment());
    return draft.withEnvironment(variables);
  }

  private RunFolder chosen() throws IOException {
    return RunFolder.at(world.directory().resolve(data == null ? "" : data));
  }

  private Path runs() {
    return world.state().resolve("runs");
  }
}
