package org.capataz.headnode.filter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.capataz.model.Text;

/// Runs an administrator's program and hears its verdict: the exit code, and the last line that it
/// wrote. Several threads may ask; a few programs run at a time, and the others wait.
///
/// Whoever can write the program decides what runs as the head node's user. So it must belong to
/// that user or to root, and nobody else may write to it.
final class FilterProgram {

  private static final int MOST_AT_ONCE = 4;
  private static final int MOST_SAID = 16 * 1024;
  private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "TZ");

  private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);

  /// What a run came to.
  sealed interface Verdict {}

  /// @param said the last line that it wrote, cut to size; may be empty
  record Exited(int code, String said) implements Verdict {}

  record TimedOut() implements Verdict {}

  /// It could not be run.
  record Broken(String why) implements Verdict {}

  /// Runs the program in a folder of its own.
  ///
  /// @param variables beside those that every program gets
  /// @param folder where it runs, and its output is kept
  Verdict run(
      Path program,
      List<String> arguments,
      Map<String, String> variables,
      Path folder,
      int timeoutSeconds)
      throws InterruptedException {
    places.acquire();
    try {
      check(program);
      var said = folder.resolve("said");
      var process = start(program, arguments, variables, folder, said);
      try {
        return process.waitFor(timeoutSeconds, TimeUnit.SECONDS)
            ? new Exited(process.exitValue(), lastLine(said))
            : new TimedOut();
      } finally {
        end(process);
      }
    } catch (IOException broken) {
      return new Broken(String.valueOf(broken.getMessage()));
    } finally {
      places.release();
    }
  }

  private static void check(Path program) throws IOException {
    if (!Files.isExecutable(program) || !Files.isRegularFile(program)) {
      throw new IOException("expected an executable file, but " + program + " is none");
    }
    var file = Files.readAttributes(program, PosixFileAttributes.class);
    var owner = file.owner().getName();
    if (!owner.equals("root") && !owner.equals(System.getProperty("user.name"))) {
      throw new IOException(
          "expected a program of root or of the head node's user, but "
              + program
              + " belongs to "
              + owner);
    }
    if (file.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || file.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          "expected a program that its owner alone may write to, but others may write to "
              + program);
    }
  }

  private static Process start(
      Path program, List<String> arguments, Map<String, String> variables, Path folder, Path said)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().putAll(variables);
    return builder.start();
  }

  /// Ends it with all that it started.
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static String lastLine(Path said) throws IOException {
    try (var in = Files.newInputStream(said)) {
      var length = Files.size(said);
      in.skipNBytes(Math.max(0, length - MOST_SAID));
      var text = new String(in.readNBytes(MOST_SAID), StandardCharsets.UTF_8);
      return Text.shown(
          text.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line).strip());
    }
  }
}
