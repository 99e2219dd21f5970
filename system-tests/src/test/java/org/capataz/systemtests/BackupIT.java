package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capataz.client.CapatazException;
import org.capataz.client.JobBuilder;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Backups of a head node at work, and what comes of one that is restored.
final class BackupIT {

  @RegisterExtension private final Site site = new Site();

  private CommandProcess.Outcome call(HeadProcess head, String... words) throws Exception {
    var variables =
        Map.of(
            "CAPATAZ_HEAD", head.address(),
            "CAPATAZ_TOKEN_FILE", head.clientToken().toString());
    return site.command(site.folder(), variables, words).end();
  }

  private static JobDraft job(String command) {
    return JobBuilder.named("job").task(t -> t.commandLine(command)).build();
  }

  @Test
  void aRestoredHeadNodeGoesOnFromTheBackupWithItsNodesAndNothingOfTheLaterPast() throws Exception {
    var head = site.head();
    site.node(head, "n1", 2);
    var go = site.folder().resolve("go");
    try (var cluster = head.connect()) {
      var ended = cluster.submit(job("true"));
      ended.await();
      var running = cluster.submit(job("until [ -e " + go + " ]; do sleep 0.1; done"));
      Patience.until("a run", () -> running.status().state() == JobState.RUNNING);
      assertThat(call(head, "head", "backup", "backup", "-o", "json"))
          .matches(done -> done.exitCode() == 0 && done.output().contains("backup"));
      assertThat(call(head, "head", "backup", "backup").errors()).contains("--force");
      var later = cluster.submit(job("true"));
      later.await();

      var restore = new ArrayList<>(List.of("head", "restore", "backup", "--data", data(head)));
      assertThat(call(head, restore.toArray(String[]::new)))
          .matches(refused -> refused.exitCode() == 1)
          .matches(refused -> refused.errors().contains("another one uses it"));
      // Started twice, it has epochs that the backup does not know.
      head.kill();
      head.startAgain();
      later.status();
      head.kill();
      assertThat(call(head, "head", "check", "backup"))
          .matches(checked -> checked.output().contains("rows and journal agree"), "agrees");
      assertThat(call(head, restore.toArray(String[]::new)))
          .matches(restored -> restored.output().contains("numbered from 100001"));
      head.startAgain();

      assertThat(ended.status().state()).isEqualTo(JobState.FINISHED);
      assertThatExceptionOfType(CapatazException.class)
          .isThrownBy(later::status)
          .matches(failure -> failure.code() == CapatazException.Code.NOT_FOUND);
      Files.createFile(go);
      assertThat(running.await().state()).isEqualTo(JobState.FINISHED);
      assertThat(running.instance(1, 0).attempt()).isEqualTo(1);
      var next = cluster.submit(job("true"));
      assertThat(next.id()).isEqualTo(100_001);
      assertThat(next.await().state()).isEqualTo(JobState.FINISHED);
    }
    assertThat(call(head, "head", "check", garbage().toString()))
        .matches(refused -> refused.exitCode() == 1)
        .matches(refused -> refused.errors().lines().count() == 1);
  }

  private Path garbage() throws Exception {
    return Files.write(site.folder().resolve("garbage"), new byte[5000]);
  }

  private static String data(HeadProcess head) {
    return head.data().toString();
  }
}
