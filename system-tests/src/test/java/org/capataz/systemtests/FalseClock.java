package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A wall clock of one program, which can be set while that runs. Needs a C compiler.
final class FalseClock {
  private final Path library;
  private final Path ahead;

  /// @param name of its own among those of the site
  FalseClock(Site site, String name) throws IOException, InterruptedException {
    library = site.folder().resolve(name + ".so");
    ahead = site.folder().resolve(name);
    var source = Path.of("src/test/c/clock.c").toAbsolutePath().toString();
    var compile = List.of("gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", source, "-o");
    var command = new ProcessBuilder(new ArrayList<>(compile)).inheritIO();
    command.command().add(library.toString());
    assertThat(command.start().waitFor()).isZero();
    Files.createFile(ahead);
    set(Duration.ZERO);
  }

  /// What comes before the command of the program that goes by it.
  List<String> entrance() {
    return List.of("env", "LD_PRELOAD=" + library, "FALSE_CLOCK=" + ahead);
  }

  /// Sets it ahead of the true one. In place: the program has mapped the file.
  void set(Duration by) throws IOException {
    var bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    Files.write(ahead, bytes.putLong(by.toSeconds()).array(), StandardOpenOption.WRITE);
  }
}
