package org.capataz.computenode.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.capataz.computenode.process.ProcessSpec.Stream;
import org.capataz.computenode.process.StartFailure.Cause;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that cannot be started is refused with what was missing, and leaves no child.
class StartFailureTest {

  private static final Stream NONE = new Stream.File("/dev/null");
  private static final ProcessSpec.Streams NO_STREAMS = new ProcessSpec.Streams(NONE, NONE, NONE);

  @TempDir Path directory;

  private final Children<String> children = new Children<>();

  @BeforeEach
  void files() throws IOException, InterruptedException {
    Files.writeString(directory.resolve("data"), "no program");
    program("no-interpreter", "#!/no/such/interpreter\n");
    program("no-shebang", "echo hello\n");
    assertThat(children.start(spec("mkfifo", "pipe"), "", _ -> {})).isNull();
    var mkfifo = children.await();
    assertThat(mkfifo).isNotNull();
    children.reap(mkfifo);
  }

  @Test
  void aProgramThatIsNotInThePath() {
    assertFailure(
        spec("no-such-program"),
        Cause.PROGRAM,
        "expected the program 'no-such-program' in the task's PATH (/usr/bin:/bin:.), but it is in"
            + " none of these directories");
  }

  @Test
  void aProgramInThePathThatIsNotExecutable() {
    assertFailure(
        spec("data"),
        Cause.PROGRAM,
        "expected the program " + directory + "/./data to be executable, but it is not (chmod +x)");
  }

  @Test
  void aProgramThatDoesNotExist() {
    assertFailure(
        spec("./missing"),
        Cause.PROGRAM,
        "expected the program "
            + directory
            + "/./missing to exist, but: no such file or directory");
  }

  @Test
  void aProgramThatIsNotExecutable() {
    assertFailure(
        spec(directory + "/data"),
        Cause.PROGRAM,
        "expected the program " + directory + "/data to be executable, but it is not (chmod +x)");
  }

  @Test
  void aProgramThatIsADirectory() {
    assertFailure(
        spec("/usr"), Cause.PROGRAM, "expected /usr to be a program, but it is a directory");
  }

  @Test
  void aScriptWhoseInterpreterDoesNotExist() {
    assertFailure(
        spec(directory + "/no-interpreter"),
        Cause.PROGRAM,
        "expected the interpreter that "
            + directory
            + "/no-interpreter names (after #!, or its loader) to exist, but it does not");
  }

  @Test
  void aScriptThatNamesNoInterpreter() {
    assertFailure(
        spec(directory + "/no-shebang"),
        Cause.PROGRAM,
        "expected "
            + directory
            + "/no-shebang to be a program for this machine or a script that begins with #!, but it"
            + " is neither");
  }

  @Test
  void aWorkingDirectoryThatDoesNotExist() {
    assertFailure(
        new ProcessSpec(List.of("/bin/true"), Map.of(), "/no/such/place", NO_STREAMS),
        Cause.WORKING_DIRECTORY,
        "expected the working directory /no/such/place to exist, but there is no such one");
  }

  @Test
  void aWorkingDirectoryThatIsAFile() {
    assertFailure(
        new ProcessSpec(List.of("/bin/true"), Map.of(), directory + "/data", NO_STREAMS),
        Cause.WORKING_DIRECTORY,
        "expected the working directory " + directory + "/data to exist, but there is no such one");
  }

  @Test
  void standardInputThatDoesNotExist() {
    assertFailure(
        spec(new ProcessSpec.Streams(new Stream.File("missing"), NONE, NONE), "/bin/true"),
        Cause.STANDARD_INPUT,
        "expected to open missing as standard input, but: no such file or directory");
  }

  @Test
  void standardOutputInADirectoryThatDoesNotExist() {
    assertFailure(
        spec(new ProcessSpec.Streams(NONE, new Stream.File("no/out"), NONE), "/bin/true"),
        Cause.STANDARD_OUTPUT,
        "expected to open no/out as standard output, but: no such file or directory");
  }

  @Test
  void standardErrorThatIsADirectory() {
    assertFailure(
        spec(new ProcessSpec.Streams(NONE, NONE, new Stream.File("/tmp")), "/bin/true"),
        Cause.STANDARD_ERROR,
        "expected to open /tmp as standard error, but: is a directory");
  }

  @Test
  void aNamedPipeWhichWouldKeepEverybodyWaiting() {
    assertFailure(
        spec(new ProcessSpec.Streams(new Stream.File("pipe"), NONE, NONE), "/bin/true"),
        Cause.STANDARD_INPUT,
        "expected standard input to be a file, but pipe is a named pipe");
  }

  @Test
  void argumentsThatLinuxDoesNotTake() {
    assertFailure(
        spec("/bin/true", "x".repeat(200_000)),
        Cause.ARGUMENTS,
        "expected arguments and environment that Linux takes, but they are too long");
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 12, 23, 24})
  void aShortageOfTheNodeIsToldFromWhatIsWrongWithTheTask(int errno) {
    // The streams and the program would be found fault with, which is not what went wrong.
    var streams = new ProcessSpec.Streams(NONE, new Stream.File("no/out"), NONE);

    assertThat(StartDiagnosis.of(spec(streams, "missing"), "missing", errno))
        .matches(failure -> failure.cause() == Cause.SHORTAGE)
        .matches(failure -> failure.message().startsWith("expected the node to have what"));
  }

  private void assertFailure(ProcessSpec spec, Cause cause, String message) {
    assertThat(
            children.start(
                spec,
                "",
                process -> {
                  throw new AssertionError("expected no process, but got " + process);
                }))
        .isEqualTo(new StartFailure(cause, message));
    assertThat(Processes.children()).isEmpty();
  }

  private ProcessSpec spec(String... arguments) {
    return spec(NO_STREAMS, arguments);
  }

  private ProcessSpec spec(ProcessSpec.Streams streams, String... arguments) {
    return new ProcessSpec(
        List.of(arguments), Map.of("PATH", "/usr/bin:/bin:."), directory.toString(), streams);
  }

  private void program(String name, String content) throws IOException {
    var file = directory.resolve(name);
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
