package org.capataz.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Stream;
import org.capataz.client.TaskBuilder;
import org.capataz.model.Limits;
import org.capataz.model.Sweep;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What may be said of one new task, apart from its cores and its place in a flow.
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

  @Mixin private RunOptions run = new RunOptions();

  boolean isSweep() {
    return sweep != null || sweepFile != null;
  }

  /// The option that was given, for commands in which none makes sense; null for none.
  @Nullable String firstGiven() {
    return sweep != null ? "--sweep" : sweepFile != null ? "--sweep-file" : run.firstGiven();
  }

  /// The task that runs this command.
  TaskDraft task(List<String> command, World world) {
    if (command.isEmpty()) {
      throw Accepted.refused(
          "expected a command, but there is none; give it after the options, such as 'sleep 60'");
    }
    var task =
        TaskBuilder.create()
            .set(TaskProperty.COMMAND_LINE, RunOptions.commandLine(command))
            .set(TaskProperty.WORK_DIRECTORY, Inputs.absolute("", world.directory()));
    run.properties(world).forEach(task::set);
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
    var built = task.build();
    if (isSweep() && !varies(built)) {
      world
          .streams()
          .say(
              "the sweep has no '*', so all its runs are alike; quote it, '*', or the shell"
                  + " replaces it");
    }
    return built;
  }

  /// Whether the runs of a sweep can differ: in what they are given, or by what they ask for.
  private static boolean varies(TaskDraft task) {
    return Stream.of(
            TaskProperty.COMMAND_LINE,
            TaskProperty.WORK_DIRECTORY,
            TaskProperty.STD_IN_FILE_PATH,
            TaskProperty.STD_OUT_FILE_PATH,
            TaskProperty.STD_ERR_FILE_PATH)
        .map(property -> task.get(property).orElse(""))
        .anyMatch(text -> text.contains("*") || text.contains("CCP_TASKINSTANCEID"));
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
