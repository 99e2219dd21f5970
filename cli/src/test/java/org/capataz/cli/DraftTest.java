package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Result;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the options make of a job.
class DraftTest {

  private final TestWorld world = new TestWorld();

  private JobDraft submitted(String... options) {
    var arguments = new java.util.ArrayList<>(List.of("job", "submit"));
    arguments.addAll(List.of(options));
    assertThat(world.run(arguments.toArray(String[]::new))).as(world.err()).isZero();
    return world.cluster.only().draft();
  }

  private TaskDraft task(String... options) {
    return submitted(options).tasks().getFirst();
  }

  @Test
  void fromItsFirstWordOnACommandKeepsWhatLooksLikeOurOptions() {
    var draft = submitted("--name", "x", "sh", "-c", "echo --name $0", "--name", "--help");

    assertThat(draft.get(JobProperty.NAME)).contains("x");
    assertThat(draft.tasks().getFirst().get(TaskProperty.COMMAND_LINE))
        .contains("sh -c 'echo --name $0' --name --help");
  }

  @Test
  void twoDashesEndTheOptionsAndLaterOnesBelongToTheCommand() {
    assertThat(task("--", "./model", "--", "x").get(TaskProperty.COMMAND_LINE))
        .contains("./model -- x");
  }

  @Test
  void oneWordWithWhiteSpaceIsACommandLine() {
    assertThat(task("sort < in | uniq > out").get(TaskProperty.COMMAND_LINE))
        .contains("sort < in | uniq > out");
  }

  @Test
  void oneWordWithoutWhiteSpaceIsAProgram() {
    assertThat(task("./a;b").get(TaskProperty.COMMAND_LINE)).contains("'./a;b'");
  }

  @Test
  void aTaskRunsWhereTheCallerIs() {
    assertThat(task("x").get(TaskProperty.WORK_DIRECTORY)).contains("/work/study");
  }

  @Test
  void aWorkDirectoryIsMeantFromWhereTheCallerIs() {
    assertThat(task("--workdir", "../runs/*", "--sweep", "2", "x").get(TaskProperty.WORK_DIRECTORY))
        .contains("/work/runs/*");
  }

  @Test
  void theCoresOfAJobAreThoseOfItsOnlyTask() {
    var draft = submitted("--numcores", "2-8", "x");

    assertThat(draft.get(JobProperty.MIN_CORES)).contains("2");
    assertThat(draft.get(JobProperty.MAX_CORES)).contains("8");
    assertThat(draft.tasks().getFirst().get(TaskProperty.MIN_CORES)).contains("2");
    assertThat(draft.tasks().getFirst().get(TaskProperty.MAX_CORES)).contains("8");
  }

  @Test
  void aSweepsInstancesTakeOneCoreOfTheJobs() {
    var draft = submitted("--numcores", "4", "--sweep", "1-9:2", "./model", "*");

    assertThat(draft.get(JobProperty.MIN_CORES)).contains("4");
    var task = draft.tasks().getFirst();
    assertThat(task.get(TaskProperty.MIN_CORES)).isEmpty();
    assertThat(task.get(TaskProperty.TYPE)).contains("ParametricSweep");
    assertThat(task.get(TaskProperty.START_VALUE)).contains("1");
    assertThat(task.get(TaskProperty.END_VALUE)).contains("9");
    assertThat(task.get(TaskProperty.INCREMENT_VALUE)).contains("2");
  }

  @Test
  void aStarHasAHalfOfTheCoresWorkedOut() {
    var draft = submitted("--numcores", "2-*", "--sweep", "9", "--task-cores", "2", "x");

    assertThat(draft.get(JobProperty.MIN_CORES)).contains("2");
    assertThat(draft.get(JobProperty.MAX_CORES)).isEmpty();
    assertThat(draft.get(JobProperty.AUTO_CALCULATE_MAX)).contains("true");
    assertThat(draft.tasks().getFirst().get(TaskProperty.MIN_CORES)).contains("2");
  }

  @Test
  void timeAndMemoryAreReadInTheirUnits() {
    var draft = submitted("--runtime", "1:2:3", "--memory", "4G", "x");

    assertThat(draft.get(JobProperty.RUNTIME_SECONDS)).contains("93780");
    assertThat(draft.tasks().getFirst().get(TaskProperty.MEMORY)).contains("4096");
    assertThat(Inputs.runtime("5")).isEqualTo(Result.ok(Optional.of(Duration.ofMinutes(5))));
    assertThat(Inputs.runtime("90s")).isEqualTo(Result.ok(Optional.of(Duration.ofSeconds(90))));
    assertThat(Inputs.runtime("2h")).isEqualTo(Result.ok(Optional.of(Duration.ofHours(2))));
  }

  @Test
  void whatATemplateMayCompleteIsLeftToTheHeadNode() {
    assertThat(world.run("job", "submit", "--rununtilcanceled", "x")).isEqualTo(2);

    assertThat(submitted("--template", "Lasting", "--rununtilcanceled", "x").tasks()).hasSize(1);
  }

  @Test
  void anEnvironmentIsCleanUnlessItIsAskedFor() {
    world.variables.putAll(Map.of("HOME", "/home/ana", "LANG", "C", "PWD", "/work"));

    assertThat(submitted("x").environment()).isEmpty();
  }

  @Test
  void variablesAreKeptAndGiven() {
    world.variables.putAll(Map.of("HOME", "/home/ana", "LANG", "C", "PWD", "/work"));

    assertThat(
            submitted("--env-keep", "LANG,NONE", "--env", "A=b=c", "--env", "E=", "x")
                .environment())
        .isEqualTo(Map.of("LANG", "C", "A", "b=c", "E", ""));
  }

  @Test
  void theWholeEnvironmentIsKeptButForWhereTheShellIs() {
    world.variables.clear();
    world.variables.putAll(Map.of("HOME", "/home/ana", "LANG", "C", "PWD", "/work"));

    assertThat(submitted("--env-keep", "all", "x").environment())
        .isEqualTo(Map.of("HOME", "/home/ana", "LANG", "C"));
  }

  @Test
  void theLinesOfAFileAreSweptOver(@TempDir Path folder) throws IOException {
    world.directory = folder;
    Files.writeString(folder.resolve("values.txt"), "0.1\n0.2\r\n\n two words \n");

    assertThat(task("--sweep-file", "values.txt", "x", "*").axes())
        .containsExactly(new SweepAxis.Lines(List.of("0.1", "0.2", " two words ")));
  }

  @Test
  void aProductIsSweptOverInTheOrderGiven(@TempDir Path folder) throws IOException {
    world.directory = folder;
    Files.writeString(
        folder.resolve("sites.csv"), "\uFEFFsite, lat\r\n\"Oslo, N \", 59.9\r\n\r\nBergen,\r\n");

    var task =
        task("--sweep", "seed=1-3", "--sweep-csv", "sites.csv", "--sweep", "dt=0.1,0.2", "x", "*");

    assertThat(task.axes())
        .containsExactly(
            new SweepAxis.Rows(List.of("site", "lat"), List.of("Oslo, N ", "59.9", "Bergen", "")),
            new SweepAxis.Listed("seed", "1-3"),
            new SweepAxis.Listed("dt", "0.1,0.2"));
  }

  @Test
  void whatASweepDoesNotUseIsSaid() {
    task("--sweep", "dt=0.1,0.2", "--sweep", "seed=1-3", "x", "{dt}", "{sed}", "${seed}");

    assertThat(world.err())
        .contains("nothing uses {seed}, so runs that differ in nothing else are alike")
        .contains("{sed} stays as it is: the sweep has *, {dt}, {seed}");
  }

  @Test
  void runsThatWriteToOneFileAreSaid(@TempDir Path folder) throws IOException {
    world.run(
        "job submit --sweep dt=1,2 --sweep seed=1-3 --stdout {dt}.txt x {dt}{seed}".split(" "));
    world.run("job submit --sweep 1-3 --stdout out/*.txt --stderr log x *".split(" "));
    world.directory = folder;
    Files.writeString(
        folder.resolve("s.xml"),
        """
        <Job><Tasks>
          <Task CommandLine="x {lat}" StdOutFilePath="out.txt">
            <SweepValues><Table><Row lat="1"/><Row lat="2"/></Table></SweepValues>
          </Task>
        </Tasks></Job>
        """);
    assertThat(world.run("job", "submit", "--file", "s.xml")).isZero();

    assertThat(world.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("runs that differ in {seed} alone write to one file"),
            line -> assertThat(line).contains("all runs write to one file").contains("log;"),
            line -> assertThat(line).contains("s.xml:2:3: runs that differ in {lat} alone"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,b\\n1               | expected 2 values in each row, as many as the first line names, but line 2 of x.csv has 1
          a\\n                 | expected a line of names and at least one row, but x.csv has one line alone
          ''                   | expected a line of names and at least one row, but x.csv is empty
          a,a\\n1,2             | expected each parameter of a sweep once, but 'a' is there twice
          a b\\n1               | expected a parameter's name of letters, digits and _ . -, a letter first, but got 'a b'
          """)
  void aTableThatIsNoneIsRefused(String csv, String message, @TempDir Path folder)
      throws IOException {
    world.directory = folder;
    Files.writeString(folder.resolve("x.csv"), csv.replace("\\n", "\n"));

    assertThat(world.run("job", "submit", "--sweep-csv", "x.csv", "x", "*")).isEqualTo(2);
    assertThat(world.err()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --sweep 1-3 --sweep a=1         | expected a name where several sweeps combine, such as 'seed=1-10', but got '1-3'
          --sweep a=1 --sweep-file f      | expected --sweep-file alone, but got --sweep too
          --sweep a=1,,2                  | expected values with commas between, but one is empty
          --sweep a=1-3,b                 | expected whole numbers and ranges of them, or other values, but got both: 'b'
          --sweep a=1-9999 --sweep b=1-9999 | expected at most 10000000 instances
          --sweep a=3-1                   | expected a sweep that ends at or after its start, but got 3-1
          """)
  void aProductThatIsNoneIsRefused(String options, String message) {
    var arguments = new java.util.ArrayList<>(List.of("job", "submit"));
    arguments.addAll(List.of(options.split(" ")));
    arguments.addAll(List.of("x", "*"));

    assertThat(world.run(arguments.toArray(String[]::new))).isEqualTo(2);
    assertThat(world.err()).contains(message);
  }

  @Test
  void theTasksOfAFileRunInItsFolderUnlessTheySayOtherwise(@TempDir Path folder)
      throws IOException {
    world.directory = folder;
    Files.createDirectory(folder.resolve("studies"));
    Files.writeString(
        folder.resolve("studies/s.xml"),
        """
        <Job Name="s" Priority="Lowest">
          <Tasks>
            <Task CommandLine="a"/>
            <Task CommandLine="b" WorkDirectory="sub"/>
            <Task CommandLine="c" WorkDirectory="/tmp"/>
          </Tasks>
        </Job>
        """);

    var draft = submitted("--file", "studies/s.xml", "--priority", "Highest");

    assertThat(draft.get(JobProperty.NAME)).contains("s");
    assertThat(draft.get(JobProperty.PRIORITY)).contains("Highest");
    assertThat(draft.tasks())
        .extracting(task -> task.get(TaskProperty.WORK_DIRECTORY).orElse(""))
        .containsExactly(folder + "/studies", folder + "/studies/sub", "/tmp");
  }

  @Test
  void aFlowIsMadeStepByStep() {
    assertThat(world.run("job", "new", "--name", "flow")).isZero();
    assertThat(world.run("job", "add", "12", "--name", "a", "./a")).isZero();
    assertThat(world.run("job", "add", "12", "--depend", "a", "--numcores", "2", "./b", "--name"))
        .isZero();
    assertThat(world.run("job", "submit", "--id", "12")).isZero();

    assertThat(world.out())
        .isEqualTo(
            """
            Job created. ID: 12
            Task added. ID: 12.1
            Task added. ID: 12.2
            Job submitted. ID: 12
            """);
    var second = world.cluster.only().draft().tasks().get(1);
    assertThat(second.get(TaskProperty.COMMAND_LINE)).contains("./b --name");
    assertThat(second.get(TaskProperty.DEPENDS_ON)).contains("a");
    assertThat(second.get(TaskProperty.MIN_CORES)).contains("2");
  }

  @Test
  void aTypeIsGivenInEitherSpelling() {
    assertThat(world.run("job", "new")).isZero();
    assertThat(world.run("job", "add", "12", "--type", "NodePrep", "./prepare")).isZero();
    assertThat(world.run("job", "add", "12", "/type:service", "./serve")).isZero();

    assertThat(world.cluster.only().draft().tasks())
        .extracting(task -> task.get(TaskProperty.TYPE).orElse(""))
        .containsExactly("NodePrep", "service");
  }

  @Test
  void aTypeThatIsNoneAndASweepOfAnotherTypeAreRefused() {
    assertThat(world.run("job", "add", "12", "--type", "Prep", "./prepare")).isEqualTo(2);
    assertThat(world.err())
        .contains(
            "--type: expected the task type Basic, ParametricSweep, NodePrep, NodeRelease or");
    assertThat(world.run("job", "add", "12", "--type", "NodePrep", "--sweep", "1-3", "./x"))
        .isEqualTo(2);
    assertThat(world.err())
        .contains("expected a sweep for a ParametricSweep task only, but got --type NodePrep");
  }

  @Test
  void theHeadNodeIsTheOneOnThisMachineUnlessOneIsNamed() {
    world.run("job", "list");
    world.variables.put("CAPATAZ_HEAD", "named:1");
    world.run("job", "list");
    world.run("job", "list", "--head", "given:2");

    assertThat(world.cluster.connections)
        .extracting(options -> options.heads())
        .containsExactly("127.0.0.1:5800", "named:1", "given:2");
  }
}
