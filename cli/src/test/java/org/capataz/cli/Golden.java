package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files that hold what the program has promised to print. `-Dgolden=write` writes them anew, for
/// somebody to look at the difference.
final class Golden {

  private static final Path FOLDER = Path.of("src/test/resources/org/capataz/cli/golden");

  private Golden() {}

  static Path folder() {
    return FOLDER;
  }

  static void matches(String name, String text) {
    matches(FOLDER.resolve(name), text);
  }

  static void matches(Path file, String text) {
    try {
      if ("write".equals(System.getProperty("golden"))) {
        Files.writeString(file, text);
      }
      assertThat(text).as(file.toString()).isEqualTo(Files.readString(file));
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }
}
