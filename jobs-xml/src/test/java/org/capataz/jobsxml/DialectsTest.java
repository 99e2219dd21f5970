package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.capataz.model.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Golden files. Each folder of `dialects` holds a job as some program or person writes it, the
/// warnings that it gives, and what is written of it in both forms.
///
/// After a deliberate change, `-Dgolden=write` writes them anew, to be looked at.
class DialectsTest {

  static Stream<Path> dialects() throws IOException {
    try (var folders = Files.list(Path.of("src/test/resources/dialects"))) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void filesOfEveryDialectAreReadAndWrittenAsEver(Path folder) {
    var job = JobFile.read(folder.resolve("input.xml")).orElseThrow();

    var warnings = new StringBuilder();
    for (var warning : job.warnings()) {
      warnings.append(warning.replace(folder + "/", "")).append('\n');
    }
    isGolden(folder, "warnings.txt", warnings.toString());
    for (var form : JobFileForm.values()) {
      isGolden(
          folder,
          form + ".xml",
          switch (JobFile.write(job.draft(), form)) {
            case Result.Ok<byte[]>(var bytes) -> new String(bytes, StandardCharsets.UTF_8);
            case Result.Refused<byte[]>(var refusal) -> refusal.message() + '\n';
          });
    }
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void whatIsWrittenIsTheSameJob(Path folder) {
    var job = JobFile.read(folder.resolve("input.xml")).orElseThrow();

    for (var form : JobFileForm.values()) {
      if (JobFile.write(job.draft(), form) instanceof Result.Ok<byte[]>(var bytes)) {
        assertThat(JobFileReaderTest.read(bytes).orElseThrow().resolve()).isEqualTo(job.resolve());
      }
    }
  }

  private static void isGolden(Path folder, String name, String actual) {
    try {
      if ("write".equals(System.getProperty("golden"))) {
        Files.writeString(folder.resolve(name), actual);
      }
      assertThat(actual).isEqualTo(Files.readString(folder.resolve(name)));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
