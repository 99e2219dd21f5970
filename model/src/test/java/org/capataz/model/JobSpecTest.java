package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// From what people write to what the engine runs.
class JobSpecTest {

  @Test
  void whatIsNotSaidHasTheDocumentedDefaults() {
    var job = resolved(JobDraft.EMPTY.plus(task("ls -l")));

    assertThat(job.name()).isEmpty();
    assertThat(job.priority()).isEqualTo(Priority.NORMAL);
    assertThat(job.units()).isEqualTo(new Span(1, 1));
    assertThat(job.runtimeSeconds()).isZero();
    assertThat(job.failureRule()).isEqualTo(new JobSpec.FailureRule(false, true));
    assertThat(job.groups()).isEmpty();
    assertThat(job.task(1))
        .isEqualTo(
            new TaskSpec(
                1,
                "",
                TaskKind.BASIC,
                new Launch(
                    CommandLine.parse("ls -l", Placeholders.NONE).orElseThrow(),
                    "",
                    new Launch.Streams("", "", ""),
                    Map.of()),
                new Demand(new Span(1, 1), 0, 0),
                Sweep.ONCE,
                List.of(),
                true,
                TaskRules.DEFAULT));
  }

  @Test
  void everyPropertyOfATaskReachesItsSpecification() {
    var task =
        task("./model *")
            .with(TaskProperty.NAME, "model")
            .with(TaskProperty.TYPE, "parametricsweep")
            .with(TaskProperty.START_VALUE, "10")
            .with(TaskProperty.END_VALUE, "20")
            .with(TaskProperty.INCREMENT_VALUE, "5")
            .with(TaskProperty.MIN_CORES, " 2 ")
            .with(TaskProperty.MAX_CORES, "4")
            .with(TaskProperty.MEMORY, "512")
            .with(TaskProperty.RUNTIME_SECONDS, "60")
            .with(TaskProperty.WORK_DIRECTORY, "/run/*")
            .with(TaskProperty.STD_IN_FILE_PATH, "in")
            .with(TaskProperty.STD_OUT_FILE_PATH, "out-*")
            .with(TaskProperty.STD_ERR_FILE_PATH, "err-*")
            .with(TaskProperty.IS_RERUNNABLE, "FALSE")
            .withEnvironment(Map.of("A", "task"));
    var job = resolved(JobDraft.EMPTY.plus(task).withEnvironment(Map.of("A", "job", "B", "job")));

    assertThat(job.task(1))
        .isEqualTo(
            new TaskSpec(
                1,
                "model",
                TaskKind.PARAMETRIC_SWEEP,
                new Launch(
                    CommandLine.parse("./model *", Placeholders.STAR).orElseThrow(),
                    "/run/*",
                    new Launch.Streams("in", "out-*", "err-*"),
                    Map.of("A", "task", "B", "job")),
                new Demand(new Span(2, 4), 512, 60),
                new Sweep.Range(10, 20, 5),
                List.of(),
                false,
                TaskRules.DEFAULT));
  }

  @ParameterizedTest
  @CsvSource({
    // min and max given; worked out whether; what comes of them, of tasks of 2-3 and 1 (5 times)
    ",,,,             2-8",
    "4,,,,            4-8",
    "10,,,,           10",
    ",5,,,            2-5",
    "3,6,,,           3-6",
    "3,6,true,,       2-6",
    "3,6,,true,       3-8",
    "1,1,true,true,   2-8",
    "2,,false,,       2-8",
  })
  void coresAreWorkedOutWhereTheyAreNotGiven(
      String min, String max, String autoMin, String autoMax, String cores) {
    var job =
        JobDraft.EMPTY
            .plus(task("a").with(TaskProperty.MIN_CORES, "2").with(TaskProperty.MAX_CORES, "3"))
            .plus(sweep("b", 5));
    job = with(job, JobProperty.MIN_CORES, min);
    job = with(job, JobProperty.MAX_CORES, max);
    job = with(job, JobProperty.AUTO_CALCULATE_MIN, autoMin);
    job = with(job, JobProperty.AUTO_CALCULATE_MAX, autoMax);

    assertThat(resolved(job).units()).hasToString(cores);
  }

  @Test
  void coresOfAHugeJobStopAtTheLargestNumber() {
    var wide = sweep("a", Limits.INSTANCES).with(TaskProperty.MAX_CORES, "2147483647");
    var job = JobDraft.EMPTY.withTasks(Collections.nCopies(1000, wide));

    assertThat(resolved(job).units()).isEqualTo(new Span(1, Integer.MAX_VALUE));
  }

  @Test
  void theMaximumOfATaskAloneLeavesItsMinimumAtOne() {
    var job = JobDraft.EMPTY.plus(task("a").with(TaskProperty.MAX_CORES, "4"));

    assertThat(resolved(job).task(1).demand().units()).isEqualTo(new Span(1, 4));
  }

  @Test
  void theMinimumOfATaskAloneIsItsMaximumToo() {
    var job = JobDraft.EMPTY.plus(task("a").with(TaskProperty.MIN_CORES, "4"));

    assertThat(resolved(job).task(1).demand().units()).isEqualTo(new Span(4, 4));
  }

  @Test
  void theExpandedPriorityIsStrongerThanThePriority() {
    var job = JobDraft.EMPTY.with(JobProperty.PRIORITY, "Highest");

    assertThat(resolved(job).priority()).isEqualTo(new Priority(4000));
    assertThat(resolved(job.with(JobProperty.EXPANDED_PRIORITY, "2150")).priority())
        .isEqualTo(new Priority(2150));
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void theDialectDecidesWhetherDependentsFail(Dialect dialect) {
    var job = new JobDraft(dialect, Map.of(), Map.of(), Map.of(), List.of());

    assertThat(resolved(job).failureRule().failsDependents()).isEqualTo(dialect.failsDependents());
    for (var said : List.of(true, false)) {
      assertThat(
              resolved(job.with(JobProperty.FAIL_DEPENDENT_TASKS, said.toString()))
                  .failureRule()
                  .failsDependents())
          .isEqualTo(said);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Basic,true,false",
    "Basic,,false",
    ",true,true",
    ",1,true",
    ",false,false",
    ",,false",
    "ParametricSweep,false,true",
  })
  void theTypeSaysWhetherATaskIsASweep(String type, String parametric, boolean sweep) {
    var task = task("a").with(TaskProperty.START_VALUE, "0").with(TaskProperty.END_VALUE, "0");
    task = type == null ? task : task.with(TaskProperty.TYPE, type);
    task = parametric == null ? task : task.with(TaskProperty.IS_PARAMETRIC, parametric);

    assertThat(resolved(JobDraft.EMPTY.plus(task)).task(1).isSweep()).isEqualTo(sweep);
  }

  @Test
  void valuesMakeASweep() {
    var job =
        JobDraft.EMPTY.plus(
            task("a *").withAxes(List.of(new SweepAxis.Lines(List.of("x", "", "y z")))));

    assertThat(resolved(job).task(1).sweep()).isEqualTo(new Sweep.Values(List.of("x", "", "y z")));
  }

  // Dependencies.

  @Test
  void tasksThatShareANameAreWaitedForTogether() {
    var job =
        resolved(
            JobDraft.EMPTY
                .plus(named("a"))
                .plus(named("b"))
                .plus(named("a"))
                .plus(named("c", "b, a,,"))
                .plus(named("", "a")));

    assertThat(job.groups())
        .containsExactly(new JobSpec.Group("b", List.of(2)), new JobSpec.Group("a", List.of(1, 3)));
    assertThat(job.task(4).waitsFor()).containsExactly(0, 1);
    assertThat(job.task(5).waitsFor()).containsExactly(1);
    assertThat(job.task(1).waitsFor()).isEmpty();
  }

  @Test
  void blanksAroundNamesDoNotMatter() {
    var job = resolved(JobDraft.EMPTY.plus(named(" a ")).plus(named("b", "  a")));

    assertThat(job.groups()).containsExactly(new JobSpec.Group("a", List.of(1)));
    assertThat(job.task(1).title()).isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a:b b:a                 | a -> b -> a",
        "a:b b:c c:a             | b -> c -> a -> b",
        "x a:x,b b:c c:b y:a     | b -> c -> b",
        "a a:b b:a               | a -> b -> a",
      })
  void cyclesAreRefusedByTheNamesOnThem(String tasks, String cycle) {
    var message = refused(flow(tasks));

    assertThat(message)
        .startsWith("expected dependencies without a cycle, but these wait for each");
    var names = message.substring(message.indexOf("other: ") + 7).split(" -> ");
    assertThat(names).hasSize(cycle.split(" -> ").length).containsOnly(cycle.split(" -> "));
    assertThat(names[0]).isEqualTo(names[names.length - 1]);
  }

  @Test
  void dependenciesWithoutACycleAreAccepted() {
    assertThat(resolved(flow("a b:a c:a d:b,c d:c e:d,a")).groups()).hasSize(4);
  }

  // Refusals.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NAME              | 'a\u0007b' | Name: expected a name of printable characters, but got"
            + " 'a?b'",
        "PRIORITY          | urgent     | Priority: expected a priority from 0 to 4000, or Lowest",
        "EXPANDED_PRIORITY | 4001       | ExpandedPriority: expected a priority from 0 to 4000",
        "UNIT_TYPE         | Rack       | UnitType: expected the unit Core, Socket, Node or Gpu,"
            + " but got 'Rack'",
        "MIN_CORES         | many       | MinCores: expected a whole number, but got 'many'",
        "MIN_CORES         | 0          | MinCores: expected at least 1 core, but got 0",
        "MIN_CORES         | 2147483648 | MinCores: expected at least 1 core, but got 2147483648",
        "MAX_CORES         | -1         | MaxCores: expected at least 1 core, but got -1",
        "RUNTIME_SECONDS   | -1         | RuntimeSeconds: expected at least 0, but got -1",
        "FAIL_ON_TASK_FAILURE | yes     | FailOnTaskFailure: expected true or false, but got 'yes'",
      })
  void wrongPropertiesOfAJobAreRefused(JobProperty property, String text, String message) {
    assertThat(refused(JobDraft.EMPTY.with(property, text))).startsWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NAME            | a,b         | task 2: expected a name without commas, but got 'a,b'",
        "COMMAND_LINE    | '   '       | task 2: expected a command line, but it is empty",
        "COMMAND_LINE    | a \"b       | task 2: expected a closing \" in the command line",
        "TYPE            | Servant     | task 2: Type: expected the task type Basic,"
            + " ParametricSweep, NodePrep, NodeRelease or Service, but got 'Servant'",
        "TYPE            | ParametricSweep | task 2: expected EndValue for a parametric sweep",
        "DEPENDS_ON      | b           | task 2: expected DependsOn to name tasks of this job, but"
            + " there is no task 'b'",
        "MIN_CORES       | 0           | task 2: MinCores: expected at least 1 core, but got 0",
        "MAX_CORES       | 1.5         | task 2: MaxCores: expected a whole number, but got '1.5'",
        "MEMORY          | -1          | task 2: expected Memory of 0 to 2147483647, but got -1",
        "MEMORY          | 9999999999  | task 2: expected Memory of 0 to 2147483647, but got"
            + " 9999999999",
        "RUNTIME_SECONDS | -1          | task 2: RuntimeSeconds: expected at least 0, but got -1",
        "IS_RERUNNABLE   | maybe       | task 2: IsRerunnable: expected true or false, but got"
            + " 'maybe'",
      })
  void wrongPropertiesOfATaskAreRefusedWithItsNumber(
      TaskProperty property, String text, String message) {
    assertThat(refused(JobDraft.EMPTY.plus(task("ok")).plus(task("ls").with(property, text))))
        .startsWith(message);
  }

  @Test
  void aTaskIsNamedInItsRefusal() {
    assertThat(refused(JobDraft.EMPTY.plus(named("solve", "mesh"))))
        .startsWith("task 1 (solve): expected DependsOn");
  }

  @Test
  void aTaskThatWaitsForItselfIsRefused() {
    assertThat(refused(JobDraft.EMPTY.plus(named("a", "a"))))
        .isEqualTo("task 1 (a): expected another task in DependsOn, but it names itself");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | 1 |   |   | expected MinCores of at most MaxCores, but got 2 and 1",
        "1 |   | 4 |   | expected MinCores of at least what the largest task needs, 4, but got 1",
        "  | 3 | 4 |   | expected MaxCores of at least what the largest task can use, 4, but got 3",
        "  |   | 4 | 2 | task 1: expected MinCores of at most MaxCores, but got 4 and 2",
      })
  void coresThatContradictEachOtherAreRefused(
      String min, String max, String taskMin, String taskMax, String message) {
    var task = task("a");
    task = taskMin == null ? task : task.with(TaskProperty.MIN_CORES, taskMin);
    task = taskMax == null ? task : task.with(TaskProperty.MAX_CORES, taskMax);
    var job = JobDraft.EMPTY.plus(task);
    job = with(job, JobProperty.MIN_CORES, min);
    job = with(job, JobProperty.MAX_CORES, max);

    assertThat(refused(job)).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 | 1        | 1  | task 1: expected a sweep that ends at or after its start, but got 5-1",
        "1 | 5        | 0  | task 1: expected a sweep increment of at least 1, but got 0",
        "1 | 10000001 | 1  | task 1: expected at most 10000000 instances, but the sweep"
            + " 1-10000001:1",
        "-999999999999999999 | 999999999999999999 | 1 | task 1: expected at most 10000000"
            + " instances",
      })
  void impossibleSweepsAreRefused(String start, String end, String step, String message) {
    var task =
        task("a")
            .with(TaskProperty.TYPE, "ParametricSweep")
            .with(TaskProperty.START_VALUE, start)
            .with(TaskProperty.END_VALUE, end)
            .with(TaskProperty.INCREMENT_VALUE, step);

    assertThat(refused(JobDraft.EMPTY.plus(task))).startsWith(message);
  }

  @Test
  void environmentThatNoProcessCanHaveIsRefused() {
    for (var name : List.of("", "A=B", "A\0")) {
      assertThat(refused(JobDraft.EMPTY.withEnvironment(Map.of(name, "x"))))
          .startsWith("expected a variable's name without '=' and NUL");
    }
    assertThat(refused(JobDraft.EMPTY.plus(task("a").withEnvironment(Map.of("A", "x\0y")))))
        .startsWith("task 1: variable A: expected text without NUL characters");
    assertThat(refused(JobDraft.EMPTY.withEnvironment(Map.of("A", "x".repeat(Limits.VALUE + 1)))))
        .startsWith("variable A: expected at most 131071 characters");
  }

  @Test
  void sizesAreBounded() {
    var variables = new HashMap<String, String>();
    for (var i = 0; i < 9; i++) {
      variables.put("V" + i, "x".repeat(Limits.VALUE));
    }

    assertThat(refused(JobDraft.EMPTY.withEnvironment(variables)))
        .startsWith("expected environment variables of at most 1048576 characters together");
    assertThat(
            refused(
                JobDraft.EMPTY.plus(
                    task("a")
                        .withAxes(
                            List.of(
                                new SweepAxis.Lines(
                                    Collections.nCopies(257, "x".repeat(Limits.VALUE))))))))
        .startsWith("task 1: expected sweep values of at most 33554432 characters together");
    assertThat(refused(JobDraft.EMPTY.withTasks(Collections.nCopies(100_001, task("a")))))
        .startsWith("expected at most 100000 tasks, but got 100001; a sweep is one task");
  }

  @Test
  void messagesOfHostileNamesStayShortAndOnOneLine() {
    var name = "x\n,\u001b" + "y".repeat(100_000) + "\ud800";

    assertThat(refused(JobDraft.EMPTY.plus(named(name)))).hasLineCount(1).hasSizeLessThan(200);
    assertThat(refused(JobDraft.EMPTY.plus(named("a", name)))).hasLineCount(1).hasSizeLessThan(200);
  }

  // Size. Work that grows with the square of the tasks would keep these from ever ending.

  @Test
  void aChainOfAHundredThousandTasksIsResolved() {
    var tasks = new ArrayList<TaskDraft>();
    for (var i = Limits.TASKS; i > 0; i--) {
      tasks.add(i == 1 ? named("t1") : named("t" + i, "t" + (i - 1)));
    }

    assertThat(resolved(JobDraft.EMPTY.withTasks(tasks)).groups()).hasSize(Limits.TASKS - 1);
  }

  @Test
  void aCycleOfAHundredThousandTasksIsRefused() {
    var tasks = new ArrayList<TaskDraft>();
    for (var i = 0; i < Limits.TASKS; i++) {
      tasks.add(named("t" + i, "t" + (i + 1) % Limits.TASKS));
    }

    assertThat(refused(JobDraft.EMPTY.withTasks(tasks))).contains("wait for each other");
  }

  @Test
  void halfOfAHundredThousandTasksMayWaitForTheOtherHalf() {
    var tasks = new ArrayList<TaskDraft>();
    for (var i = 0; i < Limits.TASKS; i++) {
      tasks.add(i % 2 == 0 ? named("a") : named("b", "a"));
    }

    assertThat(resolved(JobDraft.EMPTY.withTasks(tasks)).groups().getFirst().members())
        .hasSize(Limits.TASKS / 2);
  }

  private static TaskDraft task(String command) {
    return TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, command);
  }

  private static TaskDraft sweep(String command, int instances) {
    return task(command)
        .with(TaskProperty.TYPE, "ParametricSweep")
        .with(TaskProperty.END_VALUE, Integer.toString(instances));
  }

  private static TaskDraft named(String name) {
    return task("ls").with(TaskProperty.NAME, name);
  }

  private static TaskDraft named(String name, String dependsOn) {
    return named(name).with(TaskProperty.DEPENDS_ON, dependsOn);
  }

  /// Tasks as `NAME` or `NAME:PARENTS` with blanks between.
  private static JobDraft flow(String tasks) {
    var job = JobDraft.EMPTY;
    for (var task : tasks.strip().split(" ", -1)) {
      var colon = task.indexOf(':');
      job =
          job.plus(
              colon < 0 ? named(task) : named(task.substring(0, colon), task.substring(colon + 1)));
    }
    return job;
  }

  private static JobDraft with(JobDraft job, JobProperty property, String text) {
    return text == null ? job : job.with(property, text);
  }

  private static JobSpec resolved(JobDraft draft) {
    return JobSpec.resolve(draft).orElseThrow();
  }

  private static String refused(JobDraft draft) {
    var result = JobSpec.resolve(draft);
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused<?>) result).refusal().message();
  }
}
