package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.capataz.cli.CommandCall;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.Cluster;
import org.capataz.client.JobBuilder;
import org.capataz.client.JobFilter;
import org.capataz.client.NodeStatus;
import org.capataz.client.TaskBuilder;
import org.capataz.model.JobProperty;
import org.capataz.model.TaskProperty;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Malformed and impossible input, through the command line and the API, on a cluster of one node
/// with 2 cores: one line on standard error, the right exit code, and nothing stored.
final class BadInputIT {

  private static final int REFUSED = 2;
  private static final int NOT_FOUND = 3;

  private static final String BOMB =
      """
      <!DOCTYPE Job [
        <!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
      ]>
      <Job Name="&d;"><Tasks><Task CommandLine="true"/></Tasks></Job>
      """;

  /// Job files, and what is said of each.
  private static final Map<String, List<String>> FILES =
      Map.ofEntries(
          file(
              "a cycle",
              "these wait for each other",
              task("Name='a' DependsOn='b'"),
              task("Name='b' DependsOn='a'")),
          file("a task that waits for itself", "", task("Name='a' DependsOn='a'")),
          file("an unknown dependency", "nobody", task("Name='a' DependsOn='nobody'")),
          file("an empty command", "", "<Task CommandLine=''/>"),
          file("no command", "", "<Task Name='a'/>"),
          file("a task's minimum above its maximum", "", task("MinCores='2' MaxCores='1'")),
          file("text for a number", "many", task("MinCores='many'")),
          file("a negative number", "", task("MinCores='-1'")),
          file("a number without end", "", task("MinCores='99999999999999999999'")),
          file("a type that is none", "", task("Type='Sweep'")),
          file(
              "a sweep that ends before its start",
              "",
              task("Type='ParametricSweep' StartValue='9' EndValue='1'")),
          file(
              "a sweep without a step",
              "",
              task("Type='ParametricSweep' StartValue='1' EndValue='9' IncrementValue='0'")),
          file(
              "a sweep without end",
              "",
              task("Type='ParametricSweep' StartValue='1' EndValue='9999999999'")),
          file("an attribute twice", "", task("Name='a' Name='b'")),
          file("a NUL", "", task("Name='&#0;'")),
          file("a huge name", "", task("Name='" + "n".repeat(10_000) + "'")),
          Map.entry(
              "a DTD", List.of("DOCTYPE", "<!DOCTYPE Job SYSTEM 'file:///etc/passwd'><Job/>")),
          Map.entry("an entity bomb", List.of("DOCTYPE", BOMB)),
          Map.entry(
              "an entity of another file",
              List.of(
                  "", "<!DOCTYPE Job [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Job Name='&x;'/>")),
          Map.entry("an element without end", List.of("", "<Job><Tasks>")),
          Map.entry("another kind of document", List.of("Job", "<html/>")),
          Map.entry("no XML", List.of("", "#!/bin/sh\ntrue\n")),
          Map.entry("nothing", List.of("", "")),
          Map.entry("a depth without end", List.of("", "<Job>".repeat(50_000))));

  @RegisterExtension private final Site site = new Site();

  private static Map.Entry<String, List<String>> file(String name, String said, String... tasks) {
    return Map.entry(
        name, List.of(said, "<Job><Tasks>" + String.join("", tasks) + "</Tasks></Job>"));
  }

  private static String task(String attributes) {
    return "<Task CommandLine='true' " + attributes + "/>";
  }

  @TestFactory
  Stream<DynamicTest> isRefusedInOneLineAndLeavesNothing() throws IOException {
    var head = site.head();
    site.node(head, "n1", 2);
    var cluster = head.connect();
    Patience.until(
        "a node", () -> cluster.nodes().stream().filter(NodeStatus::reachable).count() == 1);
    var shell = new Shell(head, cluster, site.work("place"));
    return Stream.of(shell.files(), shell.commands(), shell.drafts())
        .flatMap(tests -> tests)
        .onClose(cluster::close);
  }

  /// Somebody who makes mistakes.
  private record Shell(HeadProcess head, Cluster cluster, Path place) {

    Stream<DynamicTest> files() throws IOException {
      writeLargeFile();
      var written =
          FILES.entrySet().stream()
              .map(
                  file -> {
                    var name = file.getKey().replace(' ', '-') + ".xml";
                    return dynamicTest(
                        "a file with " + file.getKey(),
                        () -> {
                          Files.writeString(place.resolve(name), file.getValue().get(1));
                          refused(REFUSED, file.getValue().get(0), "job", "submit", "--file", name);
                        });
                  });
      var others =
          Stream.of(
              command(REFUSED, "bytes", "job", "submit", "--file", "large.xml"),
              command(REFUSED, "", "job", "submit", "--file", "."),
              command(REFUSED, "", "job", "submit", "--file", "missing.xml"));
      return Stream.concat(written, others);
    }

    private void writeLargeFile() throws IOException {
      var blanks = " ".repeat(1024 * 1024);
      try (var large = Files.newBufferedWriter(place.resolve("large.xml"))) {
        large.write("<Job>");
        for (var megabytes = 0; megabytes < 100; megabytes++) {
          large.write(blanks);
        }
        large.write("</Job>");
      }
    }

    Stream<DynamicTest> commands() throws IOException {
      Files.createFile(place.resolve("empty"));
      var tooLong = "x".repeat(200_000);
      return Stream.of(
          command(REFUSED, "", "job", "submit", "--numcores", "64", "true"),
          command(REFUSED, "", "job", "submit", "--numcores", "1-99999999999", "true"),
          command(REFUSED, "", "job", "submit", "--numcores", "4-2", "true"),
          command(REFUSED, "", "job", "submit", "--numcores", "-2", "true"),
          command(REFUSED, "", "job", "submit", "--memory", "900G", "true"),
          command(REFUSED, "", "job", "submit", "--memory", "-1", "true"),
          command(REFUSED, "", "job", "submit", "--priority", "Urgent", "true"),
          command(REFUSED, "", "job", "submit", "--runtime", "soon", "true"),
          command(REFUSED, "", "job", "submit", "--sweep", "9-1", "true"),
          command(REFUSED, "", "job", "submit", "--sweep", "a-b", "true"),
          command(REFUSED, "", "job", "submit", "--sweep", "1-9:0", "true"),
          command(REFUSED, "", "job", "submit", "--sweep-file", "empty", "true"),
          command(REFUSED, "", "job", "submit", "--sweep-file", "missing", "true"),
          command(REFUSED, "", "job", "submit", "--sweep-csv", "missing", "true"),
          command(REFUSED, "", "job", "submit", "--sweep", "a=1,,2", "true"),
          command(REFUSED, "", "job", "submit", "--sweep", "a=1", "--sweep", "a=2", "true"),
          command(REFUSED, "", "job", "submit", "--env", "=x", "true"),
          command(REFUSED, "", "job", "submit", "--name", tooLong, "true"),
          command(REFUSED, "", "job", "submit", "--workdir", tooLong, "true"),
          command(REFUSED, "", "job", "submit", tooLong),
          command(REFUSED, "NUL", "job", "submit", "echo", "a\0b"),
          command(REFUSED, "", "job", "submit", "--name", "two\nlines", "true"),
          command(REFUSED, "", "job", "submit", ""),
          command(REFUSED, "", "job", "submit"),
          command(REFUSED, "--frobnicate", "job", "submit", "--frobnicate", "true"),
          command(REFUSED, "", "job", "sumbit", "true"),
          command(REFUSED, "", "job", "view", "../../etc/passwd"),
          command(REFUSED, "", "job", "view", "-1"),
          command(REFUSED, "", "job", "view", "0"),
          command(REFUSED, "", "job", "view", "99999999999"),
          command(NOT_FOUND, "7", "job", "view", "7"),
          command(NOT_FOUND, "7", "job", "cancel", "7"),
          command(NOT_FOUND, "7", "job", "requeue", "7"),
          command(NOT_FOUND, "7", "job", "wait", "7"),
          command(NOT_FOUND, "7", "job", "explain", "7"),
          command(NOT_FOUND, "7", "job", "output", "7"),
          command(NOT_FOUND, "7", "job", "output", "7.1.3"),
          command(NOT_FOUND, "7", "job", "submit", "--id", "7"),
          command(NOT_FOUND, "7", "job", "add", "7", "--name", "a", "true"),
          command(NOT_FOUND, "7", "task", "list", "7"),
          command(NOT_FOUND, "7", "task", "view", "7.1"),
          command(NOT_FOUND, "nobody", "node", "view", "nobody"),
          command(NOT_FOUND, "../../etc", "node", "view", "../../etc"),
          command(NOT_FOUND, "nobody", "node", "offline", "nobody"),
          command(NOT_FOUND, "nobody", "node", "lost", "nobody"));
    }

    Stream<DynamicTest> drafts() {
      return Stream.of(
          draft("an empty command", one(t -> t.commandLine(""))),
          draft("a NUL in the command", one(t -> t.commandLine("echo a\0b"))),
          draft("a quote without end", one(t -> t.commandLine("echo 'a"))),
          draft(
              "a cycle",
              one(t -> t.name("a").dependsOn("b"))
                  .task(t -> t.name("b").command("x").dependsOn("a"))),
          draft("an unknown dependency", one(t -> t.dependsOn("nobody"))),
          draft("more cores than the cluster has", one(t -> t.cores(3))),
          draft("a job of more cores than the cluster has", one(t -> {}).cores(3, 3)),
          draft("a minimum above the maximum", one(t -> {}).cores(2, 1)),
          draft("more memory than the cluster has", one(t -> t.memoryMb(900_000_000))),
          draft("text for a number", one(t -> {}).set(JobProperty.MIN_CORES, "many")),
          draft("no cores", one(t -> t.cores(0))),
          draft("a negative number of cores", one(t -> t.cores(-4))),
          draft("a priority that is none", one(t -> {}).set(JobProperty.PRIORITY, "Urgent")),
          draft("a sweep that ends before its start", one(t -> t.sweep(9, 1))),
          draft("a sweep without a step", one(t -> t.sweep(1, 9, 0))),
          draft("a sweep beyond all bounds", one(t -> t.sweep(Long.MIN_VALUE, Long.MAX_VALUE))),
          draft("a sweep over nothing", one(t -> t.sweepOver(List.of()))),
          draft("a table without columns", one(t -> t.sweepRows(List.of(), List.of()))),
          draft("a parameter without a name", one(t -> t.sweep("", "1-3"))),
          draft("a NUL in a sweep's value", one(t -> t.sweepOver(List.of("a\0b")))),
          draft("a NUL in a path", one(t -> t.workDirectory("/tmp/a\0b"))),
          draft("a huge path", one(t -> t.standardOutput("/" + "x".repeat(5000)))),
          draft("a variable without a name", one(t -> t.environment("", "x"))),
          draft("a variable with a NUL", one(t -> t.environment("A", "x\0y"))),
          draft("a variable with = in its name", one(t -> t.environment("A=B", "x"))),
          draft("a huge name", one(t -> {}).name("n".repeat(10_000))),
          draft("a type that is none", one(t -> t.set(TaskProperty.TYPE, "Sweep"))));
    }

    private static JobBuilder one(Consumer<TaskBuilder> description) {
      return JobBuilder.unnamed().task(t -> description.accept(t.command("/bin/true")));
    }

    private DynamicTest draft(String name, JobBuilder draft) {
      return dynamicTest(
          "a draft with " + name,
          () -> {
            try {
              var job = cluster.submit(draft.build());
              throw new AssertionError("expected a refusal, but got job " + job.id());
            } catch (CapatazException refusal) {
              assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(Code.REFUSED);
              assertThat(refusal)
                  .message()
                  .contains("expected ")
                  .hasLineCount(1)
                  .hasSizeLessThan(1000);
            }
            assertThatNothingIsStored();
          });
    }

    private DynamicTest command(int exitCode, String said, String... arguments) {
      var name = String.join(" ", arguments);
      return dynamicTest(
          name.substring(0, Math.min(80, name.length())), () -> refused(exitCode, said, arguments));
    }

    private void refused(int exitCode, String said, String... arguments) {
      var call = CommandCall.of(head.address(), head.clientToken(), place, arguments);
      assertThat(call.errors()).startsWith("capataz: ").contains(said).hasLineCount(1);
      assertThat(call.errors().length()).isLessThan(1000);
      assertThat(call.exitCode()).as(call.errors()).isEqualTo(exitCode);
      assertThat(call.output()).isEmpty();
      assertThatNothingIsStored();
    }

    private void assertThatNothingIsStored() {
      try (var jobs = cluster.jobs(JobFilter.all())) {
        assertThat(jobs).isEmpty();
      }
    }
  }
}
