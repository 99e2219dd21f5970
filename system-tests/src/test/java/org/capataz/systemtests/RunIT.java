package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `capataz run` from start to end, whatever the end.
final class RunIT {

  /// A task, a child of it, and one that has left for a session of its own.
  private static final String FAMILY =
      "sleep 3600 & setsid sh -c 'touch away; exec sleep 3600' & touch started; exec sleep 3600";

  @RegisterExtension private final Site site = new Site();

  private CommandProcess run(Path directory, String... arguments) throws IOException {
    var call = new String[arguments.length + 1];
    call[0] = "run";
    System.arraycopy(arguments, 0, call, 1, arguments.length);
    return site.command(directory, Map.of(), call);
  }

  @Test
  void aFailedInstanceIsNamedWithItsLastWordsAndResumeRunsItAlone() throws Exception {
    var study = site.work("study");
    Files.writeString(
        study.resolve("study.xml"),
        """
        <Job Name="study">
          <Tasks>
            <Task Name="model" Type="ParametricSweep" StartValue="1" EndValue="5"
                  CommandLine="./model *"/>
          </Tasks>
        </Job>
        """);
    var model =
        Files.writeString(
            study.resolve("model"),
            """
            #!/bin/sh
            echo run >> "runs.$1"
            [ "$1" != 3 ] || [ -e mended ] || { echo 'forcing 3 is out of range' >&2; exit 7; }
            """);
    assertThat(model.toFile().setExecutable(true)).isTrue();

    var first = run(study, "study.xml").end();

    assertThat(first.exitCode()).as(first.errors()).isEqualTo(1);
    assertThat(first.errors())
        .contains("4 of 5 tasks finished, 1 failed")
        .contains("1.1.3 failed", "exit code 7")
        .contains("forcing 3 is out of range");
    assertThat(site.processes()).isEmpty();

    Files.createFile(study.resolve("mended"));
    var second = run(study, "--resume").end();

    assertThat(second.exitCode()).as(second.errors()).isZero();
    for (var i = 1; i <= 5; i++) {
      assertThat(Files.readAllLines(study.resolve("runs." + i))).hasSize(i == 3 ? 2 : 1);
    }
    assertThat(site.processes()).isEmpty();
  }

  @Test
  void everyCombinationOfATableAndAListRunsWithItsValues() throws Exception {
    var study = site.work("study");
    Files.writeString(
        study.resolve("sites.csv"), "site,note\n\"Oslo, N\",a;b\nBergen,\"$(touch x) '\"\n");

    var outcome =
        run(
                study,
                "--sweep-csv",
                "sites.csv",
                "--sweep",
                "dt=0.1,2",
                "--stdout",
                "{site}-{dt}.txt",
                "--",
                "sh",
                "-c",
                "printf '%s|' \"$@\"; [ \"$1\" != 4 ]",
                "sh",
                "*",
                "{dt}",
                "{note}")
            .end();

    assertThat(outcome.exitCode()).as(outcome.errors()).isEqualTo(1);
    assertThat(study.resolve("Oslo, N-0.1.txt")).hasContent("1|0.1|a;b|");
    assertThat(study.resolve("Oslo, N-2.txt")).hasContent("2|2|a;b|");
    assertThat(study.resolve("Bergen-0.1.txt")).hasContent("3|0.1|$(touch x) '|");
    assertThat(study.resolve("Bergen-2.txt")).hasContent("4|2|$(touch x) '|");
    assertThat(study.resolve("x")).doesNotExist();
    assertThat(outcome.errors()).contains("1.1.4 (site=Bergen note=$(touch x) ' dt=2) failed");
  }

  @Test
  void aCommandIsRunAsIfItHadBeenCalled() throws Exception {
    var place = site.work("place");

    var outcome =
        site.command(
                place,
                Map.of("GREETING", "hello  you"),
                "run",
                "--",
                "sh",
                "-c",
                "echo \"$GREETING\" in \"$(pwd)\"; echo oh >&2; exit 7")
            .end();

    assertThat(outcome.exitCode()).as(outcome.errors()).isEqualTo(7);
    assertThat(outcome.output()).isEqualTo("hello  you in " + place + "\n");
    assertThat(outcome.errors().lines()).contains("oh");
  }

  @Test
  void aCommandThatASignalEndedExitsAsAShellWouldSay() throws Exception {
    var outcome = run(site.work("place"), "--", "sh", "-c", "kill -TERM $$").end();

    assertThat(outcome.exitCode()).as(outcome.errors()).isEqualTo(128 + 15);
  }

  @Test
  void anInterruptCancelsAndLeavesNothing() throws Exception {
    var place = site.work("place");
    var data = site.folder().resolve("data");
    var run = run(place, "--data", data.toString(), "--", "sh", "-c", FAMILY);
    awaitFamily(place);

    run.signal("INT");
    var outcome = run.end();

    assertThat(outcome.exitCode()).as(outcome.errors()).isEqualTo(130);
    assertThat(Files.readString(data.resolve("job"))).isEqualTo("1 Canceled\n");
    assertThat(site.processes()).isEmpty();
  }

  /// What is killed, with SIGKILL.
  enum Victim {
    THE_RUN {
      @Override
      void kill(CommandProcess run) throws Exception {
        run.signal("KILL");
      }
    },
    ITS_PROCESS_GROUP {
      @Override
      void kill(CommandProcess run) throws Exception {
        run.signalGroup("KILL");
      }
    };

    abstract void kill(CommandProcess run) throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatIsKilledLeavesNothing(Victim victim) throws Exception {
    var place = site.work("place");
    var run = run(place, "--", "sh", "-c", FAMILY);
    awaitFamily(place);

    victim.kill(run);

    assertThat(run.end().exitCode()).isEqualTo(128 + 9);
    site.awaitNobody();
  }

  private static void awaitFamily(Path place) {
    Patience.until(
        "a task and its children",
        () -> Files.exists(place.resolve("started")) && Files.exists(place.resolve("away")));
  }

  @Test
  void onARunningHeadNodeAnInterruptLeavesTheJobAlone() throws Exception {
    var head = site.head();
    site.node(head, "n1", 1);
    var place = site.work("place");
    var run =
        site.command(
            place,
            Map.of("CAPATAZ_TOKEN_FILE", head.clientToken().toString()),
            "run",
            "--head",
            head.address(),
            "--",
            "sh",
            "-c",
            "touch started; until [ -e go ]; do sleep 0.05; done; exit 3");
    Patience.until("a started task", () -> Files.exists(place.resolve("started")));

    run.signal("INT");
    var outcome = run.end();

    assertThat(outcome.exitCode()).as(outcome.errors()).isEqualTo(130);
    assertThat(outcome.errors()).contains("job 1 goes on");
    try (var cluster = head.connect()) {
      var job = cluster.job(1);
      assertThat(job.status().state()).isEqualTo(JobState.RUNNING);
      Files.createFile(place.resolve("go"));
      assertThat(job.await().state()).isEqualTo(JobState.FAILED);
      assertThat(job.instance(1, 0).exitCode()).hasValue(3);
    }
  }
}
