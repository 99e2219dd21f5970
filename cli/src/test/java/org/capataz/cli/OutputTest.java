package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.capataz.client.Explanation.NodeFit;
import org.capataz.client.JobBuilder;
import org.capataz.client.TaskCounts;
import org.capataz.client.TaskStatus;
import org.capataz.model.InstanceId;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.JobTemplate;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What the commands print, in every format.
class OutputTest {

  private static final List<String> COMMANDS =
      List.of(
          "job list --all",
          "job view 12",
          "job submit --name model ./model",
          "job submit --dry-run ./model",
          "job new --name flow",
          "job add 14 --name solve ./solve",
          "job cancel 12 13",
          "job requeue 13",
          "job modify 13 --set Project=climate --progress 40 --progressmsg resampling",
          "job wait 13",
          "job explain 13",
          "job explain 13 --history",
          "job view 12 --history",
          "task list 12",
          "task list 12 --state failed",
          "task modify 12.2 --numcores 2 -- ./other",
          "task view 12.1",
          "task view 12.2.7",
          "node list",
          "node view n2",
          "node offline n1",
          "cluster view",
          "cluster params",
          "cluster params TaskCancelGracePeriod=30",
          "cluster env",
          "cluster env SITE= MODE=fast",
          "template list",
          "template view short",
          "template delete short");

  static Stream<Arguments> commandsInFormats() {
    return COMMANDS.stream()
        .flatMap(
            command ->
                Stream.of("table", "json", "csv", "id")
                    .map(format -> Arguments.of(command, format)));
  }

  @ParameterizedTest
  @MethodSource("commandsInFormats")
  void aCommandPrintsWhatIsPromised(String command, String format) {
    var world = study();

    var code = world.run(inFormat(command, format));

    assertThat(world.err()).isEmpty();
    assertThat(code).isEqualTo(command.equals("job wait 13") ? 1 : 0);
    var name = command.replaceAll("[^a-z0-9]+", "-").replaceAll("-+$", "");
    Golden.matches(name + "." + format, world.out());
  }

  static Stream<String> commandsForJson() {
    return COMMANDS.stream();
  }

  @ParameterizedTest
  @MethodSource("commandsForJson")
  void jsonIsAsItsSchemaSays(String command) {
    var world = study();

    world.run(inFormat(command, "json"));

    assertThat(JsonSchema.ofProject().violations(world.out())).isEmpty();
  }

  /// The option comes before a command to run, which it would be part of otherwise.
  private static String[] inFormat(String command, String format) {
    return command.replaceFirst("^(\\w+ \\w+)", "$1 -o " + format).split(" ", -1);
  }

  @Test
  void anErrorInJsonIsAsTheSchemaSays() {
    var world = new TestWorld();

    assertThat(world.run("job", "view", "99", "-o", "json")).isEqualTo(3);

    assertThat(world.out())
        .isEqualTo(
            """
            {"schema":"capataz/v1","error":{"code":"notFound",\
            "message":"expected the id of a job, but there is no job 99",\
            "hint":"capataz job list --all and capataz node list show what there is"}}
            """);
    assertThat(JsonSchema.ofProject().violations(world.out())).isEmpty();
  }

  @Test
  void theSchemaRefusesWhatItDoesNotKnow() {
    assertThat(JsonSchema.ofProject().violations("{\"schema\":\"capataz/v1\",\"jobz\":[]}"))
        .isNotEmpty();
    assertThat(JsonSchema.ofProject().violations("{\"schema\":\"capataz/v1\",\"jobs\":[{}]}"))
        .isNotEmpty();
  }

  @Test
  void aSubmitPrintsTheIdAloneWhenAskedToBeQuiet() {
    var world = new TestWorld();

    world.run("job", "submit", "-q", "./model");

    assertThat(world.out()).isEqualTo("12\n");
  }

  @Test
  void aTableIsAsWideAsTheTerminalAndCutsNeitherIdsNorStates() {
    var world = study();
    world.terminal = true;
    world.width = 40;
    world.variables.put("NO_COLOR", "1");

    world.run("task", "list", "12");

    Golden.matches("task-list-narrow.table", world.out());
  }

  @Test
  void coloursAreForTerminalsOnly() {
    var onTerminal = study();
    onTerminal.terminal = true;
    onTerminal.run("job", "list");
    var forced = study();
    forced.run("job", "list", "--color", "always");
    var without = study();
    without.terminal = true;
    without.variables.put("NO_COLOR", "1");
    without.run("job", "list");

    assertThat(onTerminal.out()).contains("\u001b[32mRunning\u001b[0m");
    assertThat(forced.out()).contains("\u001b[32mRunning\u001b[0m");
    assertThat(without.out()).contains("Running").doesNotContain("\u001b");
  }

  @Test
  void namesOfOthersCannotMoveTheCursor() {
    var world = new TestWorld();
    world.cluster.add(JobBuilder.named("\u001b[2J\nevil").build()).state = JobState.QUEUED;

    world.run("job", "list");

    assertThat(world.out()).contains("?[2J↵evil").doesNotContain("\u001b");
  }

  @Test
  void anEmptyListIsASentenceForPeopleAndAnEmptyListForPrograms() {
    var people = new TestWorld();
    people.run("job", "list");
    var programs = new TestWorld();
    programs.run("job", "list", "-o", "json");

    assertThat(people.out()).isEqualTo("No jobs.\n");
    assertThat(programs.out()).isEqualTo("{\"schema\":\"capataz/v1\",\"jobs\":[]}\n");
  }

  /// Job 12 runs, a flow with a sweep; job 13 failed; job 14 is still being written.
  private static TestWorld study() {
    var world = new TestWorld();
    var cluster = world.cluster;
    cluster.setTemplate(
        new JobTemplate(
            "short",
            "An hour at most",
            List.of("ana", "bob"),
            List.of(
                JobTemplate.Item.of(JobProperty.RUNTIME_SECONDS, "600", "1", "3600"),
                new JobTemplate.Item(
                    JobProperty.NODE_GROUPS,
                    "all",
                    "",
                    "",
                    List.of("all", "fast"),
                    List.of("all")))));
    var running =
        cluster.add(
            JobBuilder.named("Thermohaline hysteresis")
                .task(t -> t.name("prepare").commandLine("sh prepare.sh"))
                .task(
                    t -> t.name("integrate").commandLine("sh integrate.sh *").dependsOn("prepare"))
                .build());
    running.state = JobState.RUNNING;
    running.counts = new TaskCounts(200, 3, 199, 1, 0);
    var prepared =
        FakeCluster.instance(
            new InstanceId(12, 1, 0), TaskState.FINISHED, OptionalInt.of(0), "", "");
    running.tasks.add(
        new TaskStatus(
            12,
            1,
            "prepare",
            "sh prepare.sh",
            TaskState.FINISHED,
            new TaskCounts(0, 0, 1, 0, 0),
            TaskKind.BASIC,
            prepared.startTime(),
            prepared.endTime(),
            Optional.of(prepared)));
    running.tasks.add(
        new TaskStatus(
            12,
            2,
            "integrate",
            "sh integrate.sh * --with 'many arguments, \"quoted\"'",
            TaskState.RUNNING,
            new TaskCounts(200, 3, 198, 1, 0),
            TaskKind.PARAMETRIC_SWEEP,
            prepared.endTime(),
            Optional.empty(),
            Optional.empty()));
    running.instances.add(
        FakeCluster.instance(
            new InstanceId(12, 2, 7),
            TaskState.FAILED,
            OptionalInt.of(3),
            "exit code 3",
            "model: no such file: 7.in\n"));
    var failed = cluster.add(JobBuilder.named("sort, twice").build());
    failed.state = JobState.FAILED;
    failed.counts = new TaskCounts(0, 0, 0, 1, 0);
    failed.message = "a task failed";
    failed.fits =
        List.of(new NodeFit("n1", "busy", "2 of 4 cores free"), new NodeFit("n2", "never", ""));
    cluster.add(JobBuilder.unnamed().build());
    cluster.nodes.add(FakeCluster.node("n1", 4, 3, Optional.empty()));
    cluster.nodes.add(FakeCluster.node("n2", 8, 0, Optional.of(TestWorld.NOW.minusSeconds(7_500))));
    return world;
  }
}
