package org.capataz.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/// The terminal of this process. The JDK tells only whether input *and* output are one, so the
/// kernel's list of open files is read instead.
final class ProcessTerminal implements Terminal {

  private static final int USUAL_WIDTH = 80;

  private final Map<String, String> variables;

  ProcessTerminal(Map<String, String> variables) {
    this.variables = variables;
  }

  @Override
  public boolean showsOutput() {
    return isTerminal(1);
  }

  @Override
  public boolean showsErrors() {
    return isTerminal(2);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      var file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return file.startsWith("/dev/pts/")
          || file.startsWith("/dev/tty")
          || file.startsWith("/dev/console");
    } catch (IOException | RuntimeException unknown) {
      return false;
    }
  }

  @Override
  public int width() {
    var columns = variables.getOrDefault("COLUMNS", "");
    return columns.matches("[1-9]\\d{0,4}") ? Integer.parseInt(columns) : askDriver();
  }

  private static int askDriver() {
    try {
      var stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      var size = answer.strip().split(" ", 2);
      var width = size.length == 2 ? Integer.parseInt(size[1]) : 0;
      return width > 0 ? width : USUAL_WIDTH;
    } catch (IOException | NumberFormatException unknown) {
      return USUAL_WIDTH;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return USUAL_WIDTH;
    }
  }

  @Override
  public void onSignal(IntConsumer handler) {
    Signals.handle(handler);
  }
}
