package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.capataz.client.CapatazException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What is wrong is refused in one line, with the right exit code, and nothing is sent.
class BadInputTest {

  @TempDir private Path folder = Path.of("");

  private static Arguments line(String expected, String... arguments) {
    return Arguments.of(List.of(arguments), expected);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        line("expected a command after 'capataz'"),
        line("expected a command after 'capataz job'", "job"),
        line("did you mean 'job'?", "jbo", "list"),
        line("did you mean 'submit'?", "job", "sumbit", "x"),
        line("did you mean '--name'?", "job", "submit", "--nmae", "x", "y"),
        line("expected --name once", "job", "submit", "--name", "x", "--name", "y", "z"),
        line("expected --name NAME, but the value is missing", "job", "submit", "--name"),
        line("expected a command, but there is none", "job", "submit"),
        line("expected a command line, but it is empty", "job", "submit", " "),
        line("--numcores: expected cores", "job", "submit", "--numcores", "four", "x"),
        line("--numcores: expected a minimum", "job", "submit", "--numcores", "4-2", "x"),
        line("--numcores: expected at least 1", "job", "submit", "--numcores", "0", "x"),
        line("--task-cores: expected cores", "job", "submit", "--task-cores", "-1", "x"),
        line("--memory: expected megabytes", "job", "submit", "--memory", "lots", "x"),
        line("--memory: expected megabytes", "job", "submit", "--memory", "999999999T", "x"),
        line("--runtime: expected a run time", "job", "submit", "--runtime", "1:2:3:4", "x"),
        line("expected a priority", "job", "submit", "--priority", "Urgent", "x"),
        line("--sweep: expected a sweep such as", "job", "submit", "--sweep", "a-b", "x"),
        line("ends at or after its start", "job", "submit", "--sweep", "9-1", "x"),
        line("expected at most 10000000 instances", "job", "submit", "--sweep", "0-10000000", "x"),
        line("increment of at least 1", "job", "submit", "--sweep", "1-9:0", "x"),
        line("there is no missing.txt", "job", "submit", "--sweep-file", "missing.txt", "x"),
        line("but got --sweep too", "job", "submit", "--sweep", "1-2", "--sweep-file", "f", "x"),
        line("expected --env NAME=VALUE", "job", "submit", "--env", "=x", "y"),
        line("expected true or false", "job", "submit", "--fail-dependent-tasks", "maybe", "x"),
        line("expected text without NUL", "job", "submit", "--name", "x", "echo\0rm", "y"),
        line("expected a name of printable", "job", "submit", "--name", "a\nb", "x"),
        line("a closing '", "job", "submit", "echo 'x"),
        line("but got the command 'x'", "job", "submit", "--file", "study.xml", "x"),
        line("but got --sweep", "job", "submit", "--file", "study.xml", "--sweep", "1-2"),
        line("but got --memory", "job", "submit", "--id", "12", "--memory", "1"),
        line("expected --id or --file", "job", "submit", "--id", "12", "--file", "f"),
        line("expected a readable job file", "job", "submit", "--file", "missing.xml"),
        line("expected ID, but it is missing", "job", "view"),
        line("expected no more arguments", "job", "view", "12", "13"),
        line("expected JOB, JOB.TASK", "job", "view", "../../etc/passwd"),
        line("expected JOB, JOB.TASK", "job", "view", "-12"),
        line("expected JOB, JOB.TASK", "job", "view", "0"),
        line("expected JOB, JOB.TASK", "job", "view", "99999999999"),
        line("expected the id of a job", "job", "view", "12.1"),
        line("expected the id of a job", "job", "cancel", "12", "12.1.1"),
        line("--timeout: expected a time", "job", "wait", "12", "--timeout", "soon"),
        line("but got both", "job", "output", "12", "--stdout", "--stderr"),
        line("--state: expected states out of", "job", "list", "--state", "happy"),
        line("--state: expected states out of", "task", "list", "12", "--state", "queued,"),
        line("expected JOB or JOB.TASK", "task", "list", "12.1.4"),
        line("expected JOB.TASK or", "task", "view", "12"),
        line("expected --output table, json, csv or id", "job", "list", "-o", "xml"),
        line("expected --color auto", "job", "list", "--color", "blue"),
        line("expected bash or zsh", "completion", "fish"),
        line("did you mean 'list'?", "help", "job", "lsit"),
        line("expected neither --resume", "run", "--head", "h:1", "--resume"),
        line("but got --data", "run", "--head", "h:1", "--data", "d", "x"),
        line("but got the command 'x'", "run", "--resume", "x"),
        line("expected a readable job file", "run", "missing.xml"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(List<String> arguments, String expected) {
    var world = new TestWorld();
    world.directory = folder;

    var code = world.run(arguments.toArray(String[]::new));

    assertThat(world.err()).startsWith("capataz: ").contains(expected).hasLineCount(1);
    assertThat(code).isEqualTo(2);
    assertThat(world.out()).isEmpty();
    assertThat(world.cluster.connections).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void aFailedRequestHasTheExitCodeOfItsKind(Code code) {
    var world = new TestWorld();
    world.cluster.failWith(code, "expected one thing, but got another");

    assertThat(world.run("job", "list")).isEqualTo(code.exitCode());
    assertThat(world.err()).isEqualTo("capataz: expected one thing, but got another\n");
    assertThat(world.cluster.closed).isTrue();
  }

  @Test
  void everyJobOfAListIsTriedAndTheFirstFailureIsTheExitCode() {
    var world = new TestWorld();
    world.cluster.add(org.capataz.model.JobDraft.EMPTY);

    assertThat(world.run("job", "cancel", "99", "12")).isEqualTo(3);

    assertThat(world.err()).contains("there is no job 99").hasLineCount(1);
    assertThat(world.out()).isEqualTo("Job 12: Canceled\n");
  }

  @Test
  void aStackTraceIsShownOnlyToWhoAsksForOne() {
    var plain = new TestWorld();
    plain.cluster.failWith(Code.FAILED, "expected x, but y");
    plain.run("job", "list");
    var debugged = new TestWorld();
    debugged.cluster.failWith(Code.FAILED, "expected x, but y");
    debugged.variables.put("CAPATAZ_DEBUG", "1");
    debugged.run("job", "list");

    assertThat(plain.err()).hasLineCount(1);
    assertThat(debugged.err()).contains("\tat ");
  }

  @Test
  void aJobFileWithAMistakeIsRefusedWithItsPlace() throws IOException {
    var world = new TestWorld();
    world.directory = folder;
    Files.writeString(
        folder.resolve("cycle.xml"),
        """
        <Job>
          <Tasks>
            <Task Name="a" DependsOn="b" CommandLine="true"/>
            <Task Name="b" DependsOn="a" CommandLine="true"/>
          </Tasks>
        </Job>
        """);

    assertThat(world.run("job", "submit", "--file", "cycle.xml")).isEqualTo(2);

    assertThat(world.err())
        .contains("cycle.xml:")
        .contains("these wait for each other")
        .hasLineCount(1);
    assertThat(world.cluster.connections).isEmpty();
  }
}
