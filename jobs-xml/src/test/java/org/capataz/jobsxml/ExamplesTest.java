package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.capataz.model.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {

  static Stream<Path> examples() throws IOException {
    try (var files = Files.list(Path.of("examples"))) {
      return files.filter(file -> file.toString().endsWith(".xml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsAJobWithoutWarnings(Path example) throws IOException {
    var file = JobFile.read(example).orElseThrow();

    assertThat(file.warnings()).isEmpty();
    assertThat(file.resolve()).isInstanceOf(Result.Ok.class);
    SchemaTest.validate(Files.readAllBytes(example));
  }
}
