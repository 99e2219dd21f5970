package org.capataz.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bin/warm-up` keeps of an installation's programs is used, and with no other libraries.
final class WarmUpIT {

  private static final String MAIN = "org.capataz.cli.Main source: ";

  @TempDir private Path folder;

  @Test
  void programsStartFromWhatWasKeptUntilTheLibrariesAreOthers() throws Exception {
    var installation = Installation.copy(folder.resolve("an installation"));
    assertThat(whereMainIsFrom(installation)).contains("capataz-cli");

    var warmUp = new ProcessBuilder(installation.resolve("bin/warm-up").toString());
    warmUp.redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile());
    assertThat(warmUp.start().waitFor()).as(folder.resolve("said").toString()).isZero();

    try (var kept = Files.newDirectoryStream(installation.resolve("lib"), "*.aot")) {
      assertThat(kept).hasSize(4);
    }
    assertThat(whereMainIsFrom(installation)).startsWith("shared objects file");
    Files.writeString(installation.resolve("lib/build"), "another\n");
    assertThat(whereMainIsFrom(installation)).contains("capataz-cli");
  }

  private String whereMainIsFrom(Path installation) throws Exception {
    var log = folder.resolve("classes");
    var call =
        new ProcessBuilder(List.of(installation.resolve("bin/capataz").toString(), "--version"));
    call.environment().put("CAPATAZ_JAVA_OPTS", "-Xlog:class+load:file=" + log);
    assertThat(call.inheritIO().start().waitFor()).isZero();
    var line = Files.readString(log, UTF_8).lines().filter(each -> each.contains(MAIN)).findFirst();
    return line.orElseThrow().replaceAll(".*" + MAIN, "");
  }
}
