package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capataz.model.Dialect;
import org.capataz.model.JobProperty;
import org.capataz.model.Property;
import org.capataz.model.Result;
import org.capataz.model.TaskProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `docs/job-files.md` tells the truth.
class DocumentationTest {

  private static final Pattern EXAMPLE = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL);

  static Stream<String> examples() throws IOException {
    return EXAMPLE.matcher(page()).results().map(match -> match.group(1)).toList().stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsAValidJobWithoutWarnings(String xml) {
    var file = JobFileReaderTest.accepted(xml);

    assertThat(file.warnings()).isEmpty();
    assertThat(file.resolve()).isInstanceOf(Result.Ok.class);
    SchemaTest.validate(xml.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theTablesHoldThePropertiesOfTheCatalogue() throws IOException {
    assertThat(table("## Properties of a job")).isEqualTo(catalogue(JobProperty.values()));
    assertThat(table("## Properties of a task")).isEqualTo(catalogue(TaskProperty.values()));
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void everyNamespaceIsNamed(Dialect dialect) throws IOException {
    assertThat(page()).contains(dialect.namespace());
  }

  private static List<String> catalogue(Property[] properties) {
    return Arrays.stream(properties)
        .map(
            property ->
                "| `%s` | %s | %s | %s |"
                    .formatted(
                        property.modelName(),
                        property.legacyName().isEmpty() ? "" : "`" + property.legacyName() + "`",
                        property.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        property.description()))
        .toList();
  }

  /// The rows of the first table of a section.
  private static List<String> table(String heading) throws IOException {
    return page()
        .lines()
        .dropWhile(line -> !line.equals(heading))
        .dropWhile(line -> !line.startsWith("|---"))
        .skip(1)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/job-files.md"));
  }
}
