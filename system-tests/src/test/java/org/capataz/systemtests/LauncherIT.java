package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.capataz.systemtests.StandInCheckout.Outcome;
import org.capataz.systemtests.StandInCheckout.Running;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bin/capataz` promises in a checkout, whatever the build.
final class LauncherIT {
  private static final String PRINT_ARGUMENTS =
      """
      public static void main(String[] args) {
        System.out.println("%s " + java.util.List.of(args));
      }
      """;

  @TempDir private static Path folder;
  private static StandInCheckout checkout;

  @BeforeAll
  static void makeACheckoutWithASpaceInItsName() throws IOException {
    checkout =
        StandInCheckout.builtAtOnce(folder.resolve("a checkout"), folder.resolve("tools"))
            .with("cli", "Main", PRINT_ARGUMENTS.formatted("command line"))
            .with("headnode", "HeadMain", PRINT_ARGUMENTS.formatted("head node"))
            .with("computenode", "NodeMain", PRINT_ARGUMENTS.formatted("compute node"));
  }

  @Test
  void aChangedClassIsSeenByTheNextCallEvenIfItsTimeOfModificationIsOld() throws Exception {
    checkout.with("cli", "Main", PRINT_ARGUMENTS.formatted("old")).run();
    Path source = checkout.source("cli", "Main");
    FileTime before = Files.getLastModifiedTime(source);
    checkout.with("cli", "Main", PRINT_ARGUMENTS.formatted("new"));
    Files.setLastModifiedTime(source, before);

    assertThat(checkout.run().output()).isEqualTo("new []\n");
  }

  @Test
  void javasPromptHasTheLibraries() throws Exception {
    checkout.with("cli", "Main", PRINT_ARGUMENTS.formatted("called"));
    Path lines =
        Files.writeString(
            folder.resolve("a script.jsh"),
            "%s\n/exit\n"
                .formatted("org.capataz.cli.Main.main(new String[] {\"from the prompt\"})"));

    assertThat(checkout.run("jshell", "-s", lines.toString()).output())
        .isEqualTo("called [from the prompt]\n");
  }

  @Test
  void theCommandLineExplainsTheOtherProgramsToo() throws Exception {
    checkout.with("cli", "Main", PRINT_ARGUMENTS.formatted("called"));

    assertThat(checkout.run("node", "start", "--help").output())
        .isEqualTo("called [help, node, start]\n");
    assertThat(checkout.run("head", "start", "--listen", "a:1", "-h").output())
        .isEqualTo("called [help, head, start]\n");
  }

  @Test
  void onlyTheFirstCallBuilds() throws Exception {
    checkout.with("cli", "Main", PRINT_ARGUMENTS.formatted("hello"));

    assertThat(checkout.run().errors()).contains("building this checkout");
    assertThat(checkout.run().errors()).isEmpty();
  }

  @Test
  void callsAtTheSameTimeBuildOnce() throws Exception {
    checkout.with("cli", "Main", PRINT_ARGUMENTS.formatted("together"));

    List<Running> calls =
        List.of(
            checkout.start(Map.of(), checkout.launcher()),
            checkout.start(Map.of(), checkout.launcher()),
            checkout.start(Map.of(), checkout.launcher()));
    String errors = "";
    for (Running call : calls) {
      Outcome outcome = call.end();
      assertThat(outcome.output()).isEqualTo("together []\n");
      errors += outcome.errors();
    }

    assertThat(errors).containsOnlyOnce("building this checkout");
  }

  @Test
  void aRunningProgramKeepsItsLibrariesAndTheirBuildGoesAfterItsEnd() throws Exception {
    checkout
        .with("headnode", "Late", "@Override public String toString() { return \"old\"; }")
        .with(
            "headnode",
            "HeadMain",
            """
            public static void main(String[] args) throws java.io.IOException {
              System.out.println("listening");
              System.in.read();
              System.out.println(new Late());
            }
            """);
    Running head = checkout.start(Map.of(), checkout.launcher(), "head", "start");
    head.hasSaid("listening");
    for (String version : List.of("one", "two", "three")) {
      checkout
          .with("cli", "Main", PRINT_ARGUMENTS.formatted(version))
          .with("headnode", "Late", "@Override public String toString() { return \"new\"; }")
          .run();
    }

    assertThat(checkout.builds()).as("the latest, the one before, the head's").hasSize(3);
    head.process().getOutputStream().close();
    assertThat(head.end().output()).isEqualTo("listening\nold\n");

    checkout.with("cli", "Main", PRINT_ARGUMENTS.formatted("four")).run();
    assertThat(checkout.builds()).hasSize(2);
  }

  @Test
  void theProgramTakesOverTheProcessSoThatSignalsReachIt() throws Exception {
    checkout.with(
        "cli",
        "Main",
        """
        public static void main(String[] args) throws java.io.IOException {
          Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stopped")));
          System.out.println("process " + ProcessHandle.current().pid());
          System.in.read();
        }
        """);

    Running call = checkout.start(Map.of(), checkout.launcher());
    call.hasSaid("process " + call.process().pid() + "\n");
    call.process().toHandle().destroy();

    Outcome outcome = call.end();
    assertThat(outcome.output()).endsWith("stopped\n");
    assertThat(outcome.exitCode()).isEqualTo(128 + 15);
  }

  @Test
  void argumentsArriveAsGivenThroughASymbolicLink() throws Exception {
    checkout.with("cli", "Main", PRINT_ARGUMENTS.formatted("got"));
    Path link = Files.createSymbolicLink(folder.resolve("linked"), checkout.launcher());

    Outcome outcome =
        checkout.start(Map.of(), link, "run", "--", "./model", "*", "a  b", "", "$HOME").end();

    assertThat(outcome.output()).isEqualTo("got [run, --, ./model, *, a  b, , $HOME]\n");
  }

  @Test
  void headStartAndNodeStartRunTheirOwnPrograms() throws Exception {
    checkout
        .with("cli", "Main", PRINT_ARGUMENTS.formatted("command line"))
        .with("headnode", "HeadMain", PRINT_ARGUMENTS.formatted("head node"));

    assertThat(checkout.run("head", "start", "--private").output())
        .isEqualTo("head node [--private]\n");
    assertThat(checkout.run("node", "start", "--cores", "4").output())
        .isEqualTo("compute node [--cores, 4]\n");
    assertThat(checkout.run("node", "list").output()).isEqualTo("command line [node, list]\n");
    assertThat(checkout.run("head", "--help").output()).isEqualTo("command line [head, --help]\n");
  }

  @Test
  void withoutTheJdkAskedForOneSentenceSaysSo() throws Exception {
    Outcome outcome =
        checkout.start(Map.of("CAPATAZ_JAVA_HOME", "/nowhere"), checkout.launcher()).end();

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.errors())
        .isEqualTo(
            "capataz: expected CAPATAZ_JAVA_HOME to name a JDK 25, but it names /nowhere.\n");
  }
}
