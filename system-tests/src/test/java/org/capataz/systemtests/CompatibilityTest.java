package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.PendingReason;
import org.capataz.model.Property;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.junit.jupiter.api.Test;

/// `docs/compatibility.md` says what the program is.
final class CompatibilityTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern VARIABLE = Pattern.compile("\"(CCP_[A-Z_]+)\"");
  private static final Pattern TEST = Pattern.compile("(\\w+(?:Test|IT))(?:\\.(\\w+))?");

  /// A row of a table.
  ///
  /// @param here what it is called here, where the table says so
  private record Row(List<String> names, String here, String status, String why) {

    boolean isThere() {
      return !status.equals("not supported");
    }
  }

  private final Map<String, List<Row>> sections = sections();

  // What the page says of itself.

  @Test
  void everyRowHasAStatusAndATestOrAReason() {
    assertThat(rows())
        .allSatisfy(
            row -> {
              assertThat(row.status).isIn("works", "differs", "not supported");
              assertThat(row.why).as(row.names.toString()).isNotBlank();
            });
  }

  @Test
  void whatIsThereIsShownByTestsThatThereAre() throws IOException {
    var sources = testSources();
    for (var row : rows()) {
      var tests = codes(row.why).map(TEST::matcher).filter(m -> m.matches()).toList();
      assertThat(!row.isThere() || !tests.isEmpty()).as("a test of " + row.names).isTrue();
      for (var test : tests) {
        var source = sources.get(test.group(1));
        assertThat(source).as("a test class " + test.group(1)).isNotNull();
        if (test.group(2) != null) {
          assertThat(source).as("a test of that name").contains("void " + test.group(2) + "(");
        }
      }
    }
  }

  @Test
  void nothingIsSaidTwice() {
    sections.forEach(
        (section, rows) ->
            assertThat(rows.stream().flatMap(row -> row.names.stream()).toList())
                .as(section)
                .doesNotHaveDuplicates());
  }

  // What the program says.

  @Test
  void thePropertiesAreThoseOfTheCatalogue() {
    assertCatalogue("Job properties", JobProperty.values());
    assertCatalogue("Task properties", TaskProperty.values());
  }

  private void assertCatalogue(String section, Property[] catalogue) {
    var names =
        Arrays.stream(catalogue)
            .flatMap(property -> Stream.of(property.modelName(), property.legacyName()))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    assertThat(there(section)).containsAll(names);
    assertThat(missing(section)).doesNotContainAnyElementsOf(names);
  }

  @Test
  void statesReasonsAndParametersAreThoseOfTheProgram() {
    assertThat(named("Job states")).containsAll(names(JobState.values()));
    assertThat(named("Task states")).containsAll(names(TaskState.values()));
    assertThat(named("Pending reasons")).containsAll(names(PendingReason.values()));
    assertThat(there("Cluster parameters"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(ClusterParameter.values()).map(ClusterParameter::modelName).toList());
  }

  /// The names of constants as the model spells them.
  private static List<String> names(Object[] states) {
    return Stream.of(states).map(Object::toString).toList();
  }

  @Test
  void theVariablesAreThoseThatTheProgramNames() throws IOException {
    var used = new HashSet<String>();
    try (var files = Files.walk(ROOT)) {
      for (var file : files.filter(CompatibilityTest::isProgram).toList()) {
        VARIABLE.matcher(Files.readString(file)).results().forEach(m -> used.add(m.group(1)));
      }
    }
    assertThat(there("Variables of tasks")).containsAll(used);
    assertThat(missing("Variables of tasks")).doesNotContainAnyElementsOf(used);
  }

  private static boolean isProgram(Path file) {
    return file.toString().endsWith(".java")
        && file.toString().contains("/src/main/")
        && !file.toString().contains("/target/");
  }

  @Test
  void theCommandsAndOptionsAreThoseOfTheReference() throws IOException {
    var reference = reference();
    var told = new HashSet<String>();
    for (var row : sections("Commands")) {
      codes(row.here)
          .forEach(
              command -> {
                assertThat(reference).containsKey(command);
                told.add(command);
              });
    }
    assertThat(told)
        .containsAll(
            reference.keySet().stream()
                .filter(name -> name.matches("(job|task) .*"))
                .filter(name -> !OURS.contains(name))
                .toList());
    for (var row : sections("Options")) {
      codes(row.here)
          .forEach(
              text -> {
                var option = text.startsWith("-") ? "job submit " + text : text;
                var words = option.split(" ", 3);
                assertThat(reference).containsKey(words[0] + " " + words[1]);
                assertThat(reference.get(words[0] + " " + words[1])).as(text).contains(words[2]);
              });
    }
  }

  /// Commands that HPC Pack has under no name.
  private static final Set<String> OURS =
      Set.of("job configure", "job explain", "job import", "job output", "job wait", "task modify");

  /// The sections of the command line's reference, by command.
  private static Map<String, String> reference() throws IOException {
    var commands = new HashMap<String, String>();
    for (var section : Files.readString(ROOT.resolve("docs/cli.md")).split("\n## capataz ", -1)) {
      var end = section.indexOf('\n');
      commands.put(section.substring(0, end), section.substring(end));
    }
    return commands;
  }

  // Reading.

  private List<Row> rows() {
    return sections.values().stream().flatMap(List::stream).toList();
  }

  private List<Row> sections(String title) {
    var rows = sections.get(title);
    assertThat(rows).as("the section " + title).isNotEmpty();
    return rows == null ? List.of() : rows;
  }

  private List<String> named(String section) {
    return sections(section).stream().flatMap(row -> row.names.stream()).toList();
  }

  private List<String> there(String section) {
    return sections(section).stream()
        .filter(Row::isThere)
        .flatMap(row -> row.names.stream())
        .toList();
  }

  private List<String> missing(String section) {
    return sections(section).stream()
        .filter(row -> !row.isThere())
        .flatMap(row -> row.names.stream())
        .toList();
  }

  private static Stream<String> codes(String cell) {
    return CODE.matcher(cell).results().map(match -> match.group(1));
  }

  private static Map<String, List<Row>> sections() {
    var sections = new LinkedHashMap<String, List<Row>>();
    var rows = new ArrayList<Row>();
    for (var line : lines()) {
      if (line.startsWith("## ")) {
        rows = new ArrayList<>();
        sections.put(line.substring(3), rows);
      } else if (line.startsWith("|") && !line.startsWith("|---")) {
        var cells =
            Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
                .map(String::strip)
                .toList();
        var last = cells.size() - 1;
        if (!cells.get(last).toLowerCase(Locale.ROOT).equals("shown by")) {
          rows.add(
              new Row(
                  codes(cells.getFirst()).toList(),
                  last == 3 ? cells.get(1) : "",
                  cells.get(last - 1),
                  cells.get(last)));
        }
      }
    }
    return sections;
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(ROOT.resolve("docs/compatibility.md"));
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /// The sources of all test classes, by name.
  private static Map<String, String> testSources() throws IOException {
    var sources = new HashMap<String, String>();
    try (var files = Files.walk(ROOT)) {
      for (var file : files.filter(file -> file.toString().contains("/src/test/java/")).toList()) {
        var name = file.getFileName().toString();
        if (name.endsWith("Test.java") || name.endsWith("IT.java")) {
          sources.merge(name.replace(".java", ""), Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }
}
