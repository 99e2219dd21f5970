package org.capataz.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.capataz.cli.Main;
import org.capataz.computenode.NodeMain;
import org.capataz.headnode.HeadMain;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A folder for one test, or for all tests of a class if it is registered as a static field, and
/// the processes that are started in it. After that they are stopped, and none may be left: neither
/// one that was started here nor one that came from it, which shows by the folder in its command
/// line, environment or working directory.
final class Site
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private static final int LAST_LINES = 40;
  private static final List<String> FAST = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final List<Process> started = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger files = new AtomicInteger();
  private final List<String> entrance;
  private @Nullable Path folder;
  private boolean isOfClass;

  Site() {
    this(List.of());
  }

  /// @param entrance command before all commands
  Site(List<String> entrance) {
    this.entrance = entrance;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    isOfClass = true;
    open();
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    if (!isOfClass) {
      open();
    }
  }

  private void open() throws IOException {
    folder = Files.createTempDirectory("capataz-site").toRealPath();
    Files.createDirectory(home());
  }

  Path folder() {
    return Objects.requireNonNull(folder);
  }

  Path home() {
    return folder().resolve("home");
  }

  /// A new folder for a job's files.
  Path work(String name) throws IOException {
    return Files.createDirectories(folder().resolve("work").resolve(name));
  }

  /// A head node that serves, on a port of its own choice.
  HeadProcess head() {
    return HeadProcess.start(this);
  }

  /// A compute node that offers so many cores.
  NodeProcess node(HeadProcess head, String name, int cores) {
    return new NodeProcess(this, head, head.nodeToken(), name, cores);
  }

  /// The command that runs a program from the class path of this test, and starts it fast.
  static List<String> java(Class<?> program, List<String> arguments) {
    return java(List.of(), program, arguments);
  }

  /// As above, with more options for Java.
  static List<String> java(List<String> options, Class<?> program, List<String> arguments) {
    var all = Stream.concat(SharedClasses.OPTIONS.stream(), options.stream()).toList();
    return java(all, program.getName(), arguments);
  }

  private static List<String> java(List<String> options, String program, List<String> arguments) {
    var agent = Stream.concat(FAST.stream(), options.stream()).toList();
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Dcapataz.agent.options=" + String.join(" ", agent)));
    command.addAll(agent);
    command.addAll(List.of("-cp", SharedClasses.CLASS_PATH, program));
    command.addAll(arguments);
    return command;
  }

  /// Starts a process with an environment of its own, in the site's folder. What it says on
  /// standard error goes to the log, see [#file].
  ///
  /// @param entrance command before this one
  Process start(
      Path log, Map<String, String> variables, List<String> entrance, List<String> command) {
    var entered = Stream.concat(entrance.stream(), command.stream()).toList();
    var builder = new ProcessBuilder(inside(entered)).directory(folder().toFile());
    builder.environment().clear();
    builder.environment().putAll(environment());
    builder.environment().putAll(variables);
    builder.redirectError(log.toFile());
    return start(builder);
  }

  /// Calls the command line program in a directory, as the leader of a process group. It hears
  /// interrupts even if these tests run in the background of a shell, whose jobs ignore them and
  /// hand that on.
  CommandProcess command(Path directory, Map<String, String> variables, String... arguments)
      throws IOException {
    var call =
        new ArrayList<>(List.of("env", "--default-signal=INT", "setsid", launcher().toString()));
    call.addAll(List.of(arguments));
    var builder = new ProcessBuilder(inside(call)).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment());
    builder.environment().putAll(variables);
    var output = file("output");
    var errors = file("command.log");
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
    return new CommandProcess(start(builder), output, errors);
  }

  private List<String> inside(List<String> command) {
    return Stream.concat(entrance.stream(), command.stream()).toList();
  }

  private Process start(ProcessBuilder builder) {
    try {
      var process = builder.start();
      started.add(process);
      return process;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// A file of a new name. If it ends in `.log` it is shown if the test fails.
  Path file(String name) {
    return folder().resolve(files.incrementAndGet() + "-" + name);
  }

  /// A script in place of `bin/capataz`, for programs from the class path of this test.
  private Path launcher() throws IOException {
    return launcher(folder(), SharedClasses.OPTIONS);
  }

  /// As above, in that folder, for programs that are started with more options.
  static Path launcher(Path folder, List<String> options) throws IOException {
    var script = folder.resolve("capataz");
    if (Files.notExists(script)) {
      var program = java(options, "$main", List.of());
      Files.writeString(
          script,
          """
          #!/bin/sh
          case "$1 $2" in
            'head start') main=%1$s; shift 2 ;;
            'head check' | 'head restore') main=%1$s; shift ;;
            'node start') main=%2$s; shift 2 ;;
            *) main=%3$s ;;
          esac
          export CAPATAZ_LAUNCHER=%4$s
          exec "%5$s" "$@"
          """
              .formatted(
                  HeadMain.class.getName(),
                  NodeMain.class.getName(),
                  Main.class.getName(),
                  script,
                  String.join("\" \"", program)));
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
    return script;
  }

  private Map<String, String> environment() {
    var variables = new HashMap<String, String>();
    variables.put("PATH", Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin"));
    variables.put("HOME", home().toString());
    variables.put("LC_ALL", "C.UTF-8");
    return variables;
  }

  /// What is alive of the processes that came from this site.
  List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses().filter(this::isOurs).toList();
  }

  private boolean isOurs(ProcessHandle process) {
    if (process.pid() == ProcessHandle.current().pid()) {
      return false;
    }
    var entry = Path.of("/proc", Long.toString(process.pid()));
    return reads(entry.resolve("cmdline"), folder().toString())
        || reads(entry.resolve("environ"), folder().toString())
        || isAt(entry.resolve("cwd"));
  }

  /// Whether a file is there and contains a text.
  boolean reads(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), UTF_8).contains(text);
    } catch (IOException gone) {
      return false;
    }
  }

  private boolean isAt(Path link) {
    try {
      return Files.readSymbolicLink(link).startsWith(folder());
    } catch (IOException gone) {
      return false;
    }
  }

  /// Waits until all processes of this site have ended.
  void awaitNobody() {
    Patience.until("no process left", () -> processes().isEmpty());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    if (!isOfClass) {
      close(context);
    } else if (context.getExecutionException().isPresent()) {
      showLogs();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    close(context);
  }

  private void close(ExtensionContext context) throws IOException {
    for (var process : started.reversed()) {
      stop(process);
    }
    var left = processes();
    var names = left.stream().map(Site::describe).toList();
    left.forEach(ProcessHandle::destroyForcibly);
    if (context.getExecutionException().isPresent() || !names.isEmpty()) {
      showLogs();
    }
    delete(folder());
    assertThat(names).as("processes left behind").isEmpty();
  }

  private static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("expected " + describe(process.toHandle()) + " to stop");
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static String describe(ProcessHandle process) {
    var words = process.info().commandLine().orElse("?");
    return process.pid() + " …" + words.substring(Math.max(0, words.length() - 200));
  }

  private void showLogs() throws IOException {
    try (var files = Files.walk(folder())) {
      for (var log : files.filter(file -> file.toString().endsWith(".log")).sorted().toList()) {
        var lines = new String(Files.readAllBytes(log), UTF_8).lines().toList();
        System.err.println("--- " + folder().relativize(log));
        lines.stream()
            .skip(Math.max(0, lines.size() - LAST_LINES))
            .forEach(line -> System.err.println("    " + line));
      }
    }
  }

  static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
