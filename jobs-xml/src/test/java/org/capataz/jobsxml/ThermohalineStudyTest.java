package org.capataz.jobsxml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Runs the scripts of `examples/thermohaline` without a scheduler: their physics, by `check.sh`,
/// and their conduct as tasks. Coarser than the job file does, for speed.
final class ThermohalineStudyTest {
  private static final Path EXAMPLES = Path.of("examples").toAbsolutePath();
  private static final Path STUDY = EXAMPLES.resolve("thermohaline");

  @TempDir private Path scratch;

  @Test
  void collapseAndRecoveryAreAtTheFoldPoints() throws Exception {
    var check = run(STUDY, "check.sh", "forcing_points=51", "step=2");

    assertThat(check.output())
        .contains("collapse between 0.310000 and 0.320000 Sv, fold at 0.310178 Sv")
        .contains("recovery between 0.160000 and 0.170000 Sv, fold at 0.160714 Sv")
        .contains("102 steady states on the curve of equilibria");
    assertThat(check.exitCode()).isZero();
    assertThat(scratch).as("scratch files left behind").isEmptyDirectory();
  }

  @ParameterizedTest(name = "{2} for {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model.awk     | alpha * dT - beta * dS     | alpha * dT + beta * dS   | expected one collapse
          model.awk     | - 2 * exchange / volume    | - exchange / volume      | to be in equilibrium with
          model.awk     | (gyre + 2 * q) *           | (gyre + q) *             | expected the collapse at the fold
          model.awk     | return equilibrium(0)      | return equilibrium(1)    | expected the recovery at the fold
          integrate.awk | (T + h / 2 * T2, S + h / 2 * S2 | (T + h / 2 * T1, S + h / 2 * S1 | expected the step to err
          parameters.txt | steady          1e-7      | steady          1e-4     | to be in equilibrium with
          parameters.txt | step            0.5       | step            20       | take a smaller step than 20
          """)
  void thePhysicsCheckCatchesAPlantedError(
      String file, String correct, String planted, String complaint) throws Exception {
    var copy = Files.createDirectory(scratch.resolve("copy"));
    try (var files = Files.list(STUDY)) {
      for (var original : files.toList()) {
        Files.copy(original, copy.resolve(original.getFileName()));
      }
    }
    var text = Files.readString(copy.resolve(file));
    assertThat(text).containsOnlyOnce(correct);
    Files.writeString(copy.resolve(file), text.replace(correct, planted));

    var check = run(copy, "check.sh", "forcing_points=11");

    assertThat(check.output()).contains(complaint);
    assertThat(check.exitCode()).isEqualTo(1);
  }

  @Test
  void aRerunOverwritesAnInstanceWithTheSameBytes() throws Exception {
    prepareAndIntegrate();
    var instances = results().resolve("instances");
    var first = Files.readString(instances.resolve("3.csv"));

    succeed("integrate.sh", "3");

    assertThat(instances.resolve("3.csv")).hasContent(first.strip());
    try (var files = Files.list(instances)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("1.csv", "2.csv", "3.csv", "4.csv");
    }
  }

  @Test
  void collectRefusesAMissingInstance() throws Exception {
    prepareAndIntegrate();
    Files.delete(results().resolve("instances/3.csv"));

    var collect = run(STUDY, "collect.sh");

    assertThat(collect.output()).contains("the first being instance 3 (missing)");
    assertThat(collect.exitCode()).isEqualTo(1);
    assertThat(results().resolve("hysteresis.csv")).doesNotExist();
  }

  @Test
  void collectRefusesTheResultsOfOtherParameters() throws Exception {
    prepareAndIntegrate();
    succeed("prepare.sh", "forcing_points=2", "step=2");

    var collect = run(STUDY, "collect.sh");

    assertThat(collect.output()).contains("the first being instance 1 (left by another run)");
    assertThat(collect.exitCode()).isEqualTo(1);
  }

  @Test
  void plotDrawsAWellFormedPictureAndFitsATerminal() throws Exception {
    prepareAndIntegrate();
    succeed("collect.sh");

    var lines = succeed("plot.sh").lines().toList();

    var svg = results().resolve("hysteresis.svg");
    var picture =
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(svg.toFile());
    assertThat(picture.getElementsByTagName("path").getLength()).isGreaterThanOrEqualTo(3);
    assertThat(lines.subList(0, lines.size() - 2))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(lines.subList(lines.size() - 2, lines.size()))
        .containsExactly(
            "The picture: " + svg, "The table:   " + results().resolve("hysteresis.csv"));
  }

  @Test
  void theJobFileSweepsOverTheWholeTableOfForcings() throws Exception {
    var forcings =
        Pattern.compile("(?m)^forcing_points +([0-9]+)")
            .matcher(Files.readString(STUDY.resolve("parameters.txt")));
    assertThat(forcings.find()).isTrue();

    assertThat(Files.readString(EXAMPLES.resolve("thermohaline.xml")))
        .contains("EndValue=\"%d\"".formatted(2 * Integer.parseInt(forcings.group(1))));
  }

  private void prepareAndIntegrate() throws Exception {
    succeed("prepare.sh", "forcing_points=2", "step=5");
    for (var instance : List.of("1", "2", "3", "4")) {
      succeed("integrate.sh", instance);
    }
  }

  private String succeed(String script, String... arguments) throws Exception {
    var run = run(STUDY, script, arguments);
    assertThat(run.exitCode()).as(run.output()).isZero();
    return run.output();
  }

  private Run run(Path study, String script, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("sh", study.resolve(script).toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(Map.of("TMPDIR", scratch.toString(), "CAPATAZ_RESULTS", scratch.toString()));
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output);
  }

  private Path results() {
    return scratch.resolve("thermohaline");
  }

  private record Run(int exitCode, String output) {}
}
