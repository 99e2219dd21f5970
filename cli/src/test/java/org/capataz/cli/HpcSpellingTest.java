package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capataz.model.JobProperty;
import org.capataz.model.TaskProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Scripts that were written for HPC Pack and the Compute Cluster Server.
class HpcSpellingTest {

  @TempDir Path state;
  private final TestWorld world = new TestWorld();

  @BeforeEach
  void keepStateOfItsOwn() {
    world.variables.remove("CCP_NO_JOB_ID");
    world.variables.put("XDG_STATE_HOME", state.toString());
  }

  private List<String> translated(String... words) {
    return List.of(new HpcSpelling(world.world()).translated(words));
  }

  @Test
  void aSubmitInHpcPacksSpellingMakesTheSameJob() {
    var code =
        world.run(
            "job",
            "submit",
            "/jobname:solver",
            "/NumProcessors:4-8",
            "/priority:AboveNormal",
            "/env:A=b c",
            "/stdout:out.txt",
            "/workdir:/data",
            "/failontaskfailure",
            "app",
            "/verbose:true",
            "/numcores:9");

    assertThat(world.err()).isEmpty();
    assertThat(code).isZero();
    var draft = world.cluster.only().draft();
    assertThat(draft.get(JobProperty.NAME)).hasValue("solver");
    assertThat(draft.get(JobProperty.MIN_CORES)).hasValue("4");
    assertThat(draft.get(JobProperty.MAX_CORES)).hasValue("8");
    assertThat(draft.get(JobProperty.FAIL_ON_TASK_FAILURE)).hasValue("true");
    assertThat(draft.environment()).containsEntry("A", "b c");
    var task = draft.tasks().getFirst();
    assertThat(task.get(TaskProperty.COMMAND_LINE)).hasValue("app /verbose:true /numcores:9");
    assertThat(task.get(TaskProperty.WORK_DIRECTORY)).hasValue("/data");
  }

  @Test
  void bothSpellingsMayBeMixed() {
    assertThat(translated("job", "submit", "--name", "/numcores:4", "/numcores:2", "app"))
        .containsExactly("job", "submit", "--name", "/numcores:4", "--numcores=2", "app");
    assertThat(translated("job", "submit", "-q", "/numcores:2", "--", "/numcores:4"))
        .containsExactly("job", "submit", "-q", "--numcores=2", "--", "/numcores:4");
  }

  @Test
  void aProgramsPathIsNoOption() {
    assertThat(translated("job", "submit", "/opt/app", "/name:x"))
        .containsExactly("job", "submit", "/opt/app", "/name:x");
    assertThat(translated("job", "submit", "/init")).containsExactly("job", "submit", "/init");
  }

  @ParameterizedTest
  @CsvSource({
    "job list /state:queued, job list --state=queued",
    "job list /status:queued /all, job list --state=queued --all",
    "job list /scheduler:head, job list --head=head",
    "job listtasks 12 /state:failed, task list 12 --state=failed",
    "job submit /?, job submit --help",
    "job submit /parametric:1-10:2 app *, job submit --sweep=1-10:2 app *",
    "job add 12 /depend:a app /depend:b, job add 12 --depend=a app /depend:b",
    "cluscfg view, cluster view"
  })
  void hasOneMeaning(String hpcPack, String ours) {
    assertThat(String.join(" ", translated(hpcPack.split(" ")))).isEqualTo(ours);
  }

  @Test
  void anOptionThatThereIsNotIsToldWithWhatIsNear() {
    assertThat(world.run("job", "submit", "/numcore:4", "app")).isEqualTo(2);
    assertThat(world.err()).contains("--numcore=4").contains("did you mean '--numcores'?");
  }

  @Test
  void twoMarksStandForTheLastJobThatWasMade() {
    assertThat(world.run("job", "new", "/jobname:flow")).isZero();
    assertThat(world.run("job", "add", "!!", "/name:a", "app", "!!")).isZero();
    assertThat(world.run("job", "submit", "/id:!!")).isZero();
    assertThat(world.run("task", "view", "!!.1")).isZero();

    assertThat(world.err()).isEmpty();
    assertThat(world.cluster.only().draft().tasks().getFirst().get(TaskProperty.COMMAND_LINE))
        .hasValue("app '!!'");
  }

  @Test
  void withoutALastJobTwoMarksAreAMistake() {
    assertThat(world.run("job", "view", "!!")).isEqualTo(3);
    assertThat(world.err()).contains("'!!'").hasLineCount(1);
  }

  @Test
  void theLastJobIsNotNotedWhereTheUserDoesNotWantIt() {
    world.variables.put("CCP_NO_JOB_ID", "true");
    assertThat(world.run("job", "new")).isZero();

    assertThat(state).isEmptyDirectory();
  }

  static Stream<Arguments> optionsThatWork() throws IOException {
    var page = Files.readString(Path.of("../docs/compatibility.md"));
    var table = page.substring(page.indexOf("\n## Options\n"), page.indexOf("\n## Variables"));
    return table
        .lines()
        .map(line -> line.split("\\|", -1))
        .filter(row -> row.length > 4 && row[3].strip().equals("works"))
        .flatMap(
            row -> quoted(row[1]).map(option -> Arguments.of(option, quoted(row[2]).toList())));
  }

  private static Stream<String> quoted(String cell) {
    return Pattern.compile("`([^`]+)`").matcher(cell).results().map(match -> match.group(1));
  }

  /// The page says of a command and an option of ours that they stand for HPC Pack's.
  @ParameterizedTest
  @MethodSource("optionsThatWork")
  void anOptionThatIsSaidToWorkBecomesOneOfOurs(String option, List<String> ours) {
    assertThat(ours)
        .anySatisfy(
            known -> {
              var words = new ArrayList<>(List.of(known.split(" ")));
              var name = words.removeLast();
              if (words.isEmpty()) {
                words.addAll(List.of("job", "submit"));
              }
              words.add(option + ":1");
              assertThat(translated(words.toArray(String[]::new)).getLast()).startsWith(name + "=");
            });
  }
}
