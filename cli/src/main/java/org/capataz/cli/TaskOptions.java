package org.capataz.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.capataz.client.TaskBuilder;
import org.capataz.model.CommandLine;
import org.capataz.model.Limits;
import org.capataz.model.Megabytes;
import org.capataz.model.Sweep;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What may be said of one task, apart from its cores and its place in a flow.
final class TaskOptions {

  @Option(
      names = "--sweep",
      paramLabel = "A-B[:S],...",
      description =
          "Run the command once for every index from A to B in steps of S, or of several such"
              + " ranges; each '*' in it, in --workdir, --stdin, --stdout and --stderr becomes the"
              + " index.")
  private @Nullable String sweep;

  @Option(
      names = "--sweep-file",
      paramLabel = "FILE",
      description = "Run the command once for every line of the file; '*' becomes the line.")
  private @Nullable String sweepFile;

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description = "Memory that one run needs, in megabytes, or as 512M or 4G.")
  private @Nullable String memory;

  @Option(
      names = "--requirednodes",
      paramLabel = "NODE,...",
      description = "Nodes that each run must have, all of them.")
  private @Nullable String requiredNodes;

  @Option(
      names = "--workdir",
      paramLabel = "DIR",
      description = "Directory to run in. Default: the one you are in.")
  private @Nullable String workdir;

  @Option(names = "--stdin", paramLabel = "FILE", description = "File for standard input.")
  private @Nullable String stdin;

  @Option(
      names = "--stdout",
      paramLabel = "FILE",
      description = "File for standard output. Default: kept, see 'capataz job output'.")
  private @Nullable String stdout;

  @Option(
      names = "--stderr",
      paramLabel = "FILE",
      description = "File for standard error. Default: kept, see 'capataz job output'.")
  private @Nullable String stderr;

  @Mixin private TaskRuleOptions rules = new TaskRuleOptions();

  boolean isSweep() {
    return sweep != null || sweepFile != null;
  }

  /// The option that was given, for commands in which none makes sense; null for none.
  @Nullable String firstGiven() {
    return sweep != null
        ? "--sweep"
        : sweepFile != null
            ? "--sweep-file"
            : memory != null
                ? "--memory"
                : requiredNodes != null
                    ? "--requirednodes"
                    : workdir != null
                        ? "--workdir"
                        : stdin != null
                            ? "--stdin"
                            : stdout != null
                                ? "--stdout"
                                : stderr != null ? "--stderr" : rules.firstGiven();
  }

  /// The task that runs this command.
  ///
  /// @param amount of one run; both halves empty for the default
  TaskBuilder task(List<String> command, UnitOptions.Amount amount, World world) {
    if (command.isEmpty()) {
      throw Accepted.refused(
          "expected a command, but there is none; give it after the options, such as 'sleep 60'");
    }
    var task =
        TaskBuilder.create()
            .set(TaskProperty.COMMAND_LINE, commandLine(command))
            .set(
                TaskProperty.WORK_DIRECTORY,
                Inputs.absolute(workdir == null ? "" : workdir, world.directory()));
    bounds(amount).forEach(task::set);
    set(task, TaskProperty.REQUIRED_NODES, requiredNodes);
    set(task, TaskProperty.STD_IN_FILE_PATH, stdin);
    set(task, TaskProperty.STD_OUT_FILE_PATH, stdout);
    set(task, TaskProperty.STD_ERR_FILE_PATH, stderr);
    if (memory != null) {
      task.memoryMb(Accepted.value(Megabytes.parse(memory).in("--memory")));
    }
    rules.on(task);
    if (sweep != null && sweepFile != null) {
      throw Accepted.refused("expected --sweep or --sweep-file, but got both");
    }
    if (sweep != null) {
      if (Accepted.value(Sweep.Ranges.parse(sweep).in("--sweep"))
          instanceof Sweep.Range(var start, var end, var increment)) {
        task.sweep(start, end, increment);
      } else {
        task.sweep(sweep);
      }
    }
    if (sweepFile != null) {
      task.sweepOver(values(sweepFile, world));
    }
    return task;
  }

  /// A task that was written elsewhere, with these cores.
  static TaskDraft with(UnitOptions.Amount amount, TaskDraft draft) {
    var changed = draft;
    for (var bound : bounds(amount).entrySet()) {
      changed = changed.with(bound.getKey(), bound.getValue());
    }
    return changed;
  }

  private static Map<TaskProperty, String> bounds(UnitOptions.Amount amount) {
    var unit = amount.unit();
    var range = amount.range();
    var bounds = new EnumMap<TaskProperty, String>(TaskProperty.class);
    range.min().ifPresent(min -> bounds.put(unit.taskMin(), Integer.toString(min)));
    range.max().ifPresent(max -> bounds.put(unit.taskMax(), Integer.toString(max)));
    return bounds;
  }

  /// One word with white space in it is a command line, in the shell's quoting; several words are
  /// the arguments as they are.
  static String commandLine(List<String> command) {
    var first = command.getFirst();
    return command.size() == 1 && first.chars().anyMatch(Character::isWhitespace)
        ? first
        : CommandLine.quote(command);
  }

  private static void set(TaskBuilder task, TaskProperty property, @Nullable String value) {
    if (value != null) {
      task.set(property, value);
    }
  }

  /// The lines of a file that are not blank.
  private static List<String> values(String file, World world) {
    try (var in = open(file, world)) {
      var bytes = in.readNBytes(Limits.SWEEP_VALUES + 1);
      if (bytes.length > Limits.SWEEP_VALUES) {
        throw Accepted.refused(
            "--sweep-file: expected at most "
                + Limits.SWEEP_VALUES
                + " bytes of values, but "
                + file
                + " has more");
      }
      var values = text(bytes).lines().filter(line -> !line.isBlank()).toList();
      if (values.isEmpty()) {
        throw Accepted.refused(
            "--sweep-file: expected one value a line, but " + file + " has none");
      }
      return values;
    } catch (NoSuchFileException missing) {
      throw Accepted.refused("--sweep-file: expected a file of values, but there is no " + file);
    } catch (CharacterCodingException wrong) {
      throw Accepted.refused("--sweep-file: expected text in UTF-8, but " + file + " is not");
    } catch (IOException broken) {
      throw Accepted.refused(
          "--sweep-file: expected a readable file, but got " + broken.getMessage());
    }
  }

  private static InputStream open(String file, World world) throws IOException {
    return file.equals("-") ? System.in : Files.newInputStream(world.directory().resolve(file));
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
