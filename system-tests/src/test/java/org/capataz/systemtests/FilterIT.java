package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.capataz.cli.CommandCall;
import org.capataz.client.Cluster;
import org.capataz.client.JobBuilder;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Programs of the administrator that decide on jobs.
final class FilterIT {

  @RegisterExtension private final Site site = new Site();

  private String program(String permissions, String script) throws IOException {
    var program = Files.createTempFile(site.folder(), "filter", ".sh");
    Files.writeString(program, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(permissions));
    return program.toString();
  }

  private static void use(Cluster cluster, String program) {
    cluster.changeSettings(
        Map.of(
            ClusterParameter.SUBMISSION_FILTER_PROGRAM,
            program,
            ClusterParameter.SUBMISSION_FILTER_TIMEOUT,
            "1"),
        Map.of());
  }

  private CommandCall call(HeadProcess head, String... arguments) {
    return CommandCall.of(head.address(), head.clientToken(), site.folder(), arguments);
  }

  @Test
  void aFilterDecidesWhichJobsAreSubmittedAndChangesThem() throws Exception {
    var head = site.head();
    try (var cluster = head.connect()) {
      use(
          cluster,
          program(
              "rwx------",
              """
              grep -q '<Job[^>]* Project="' "$1" || { echo "of $CCP_OWNER: name a project"; exit 1; }
              sed -i 's/\\(<Job[^>]*\\) ExpandedPriority="[^"]*"/\\1/; s/<Job /<Job ExpandedPriority="500" /; s/CommandLine="true"/CommandLine="false"/' "$1"
              """));

      var refused = call(head, "job", "submit", "true");
      assertThat(refused.exitCode()).isEqualTo(4);
      assertThat(refused.errors())
          .contains("expected a job that the submission filter accepts, but it says: of ")
          .contains(": name a project");
      assertThat(call(head, "job", "list", "--all", "-o", "id").output()).isEmpty();

      assertThat(call(head, "job", "submit", "-q", "--project", "climate", "true").output())
          .isEqualTo("1\n");
      var job = cluster.job(1);
      assertThat(job.status().priority().value()).isEqualTo(500);
      assertThat(job.draft().tasks().getFirst().toString())
          .contains("true")
          .doesNotContain("false");

      // Made first and submitted later, and changed in the queue.
      assertThat(call(head, "job", "new").exitCode()).isZero();
      assertThat(call(head, "job", "submit", "--id", "2").exitCode()).isEqualTo(4);
      assertThat(call(head, "job", "modify", "2", "--project", "climate").exitCode()).isZero();
      assertThat(call(head, "job", "submit", "--id", "2").exitCode()).isZero();
      assertThat(cluster.job(2).draft().get(JobProperty.EXPANDED_PRIORITY)).contains("500");
      assertThat(call(head, "job", "modify", "1", "--project", "").exitCode()).isEqualTo(4);
      assertThat(cluster.job(1).status().project()).isEqualTo("climate");
    }
  }

  @Test
  void aFilterThatCannotDecideLetsNothingIn() throws Exception {
    var head = site.head();
    try (var cluster = head.connect()) {
      use(cluster, program("rwx------", "sleep 1000 & sleep 1000"));
      assertThat(call(head, "job", "submit", "true").errors())
          .contains("expected the submission filter to answer within 1 s, but it did not");

      use(cluster, program("rwxrwx---", ""));
      assertThat(call(head, "job", "submit", "true").errors())
          .contains("expected a program that its owner alone may write to");

      use(cluster, "/nowhere/filter");
      assertThat(call(head, "job", "submit", "true").errors())
          .contains("expected an executable file, but /nowhere/filter is none");

      use(cluster, program("rwx------", "echo '<Job Name=' > \"$1\""));
      assertThat(call(head, "job", "submit", "true").errors())
          .contains("the submission filter leaves a job file that cannot be read: job.xml:2:1:");

      assertThat(call(head, "cluster", "params", "SubmissionFilterProgram=filter").exitCode())
          .isEqualTo(2);
      use(cluster, "");
      assertThat(call(head, "job", "submit", "-q", "true").output()).isEqualTo("1\n");
    }
  }

  private static void useBeforeStarts(Cluster cluster, String program) {
    cluster.changeSettings(
        Map.of(
            ClusterParameter.ACTIVATION_FILTER_PROGRAM,
            program,
            ClusterParameter.ACTIVATION_FILTER_TIMEOUT,
            "1",
            ClusterParameter.DEFAULT_HOLD_DURATION,
            "1"),
        Map.of());
  }

  private static JobDraft job(String name, int cores) {
    return JobBuilder.named(name).task(t -> t.command("/bin/true").cores(cores)).build();
  }

  private void awaitExplanation(HeadProcess head, int job, String why) {
    Patience.until(why, () -> call(head, "job", "explain", job + "").output().contains(why));
  }

  @Test
  void anActivationFilterDecidesWhenJobsStart() throws Exception {
    var head = site.head();
    site.node(head, "n1", 4);
    try (var cluster = head.connect()) {
      var asked = site.folder().resolve("asked");
      var allowed = site.folder().resolve("allowed");
      useBeforeStarts(
          cluster,
          program(
              "rwx------",
              """
              name=$(sed -n 's/.*<Job[^>]* Name="\\([^"]*\\)".*/\\1/p' "$1")
              echo "$name $3 $4 $5 of $CCP_OWNER $CCP_JOBID" >> %s
              echo "asked of $name"
              case $name in
                block) exit 1;; reserve) exit 2;; refused) exit 4;; later) exit 77;;
                held) [ -e %s ] && exit 0; touch %s; exit 3;;
                hang) sleep 1000 & sleep 1000;;
              esac
              """
                  .formatted(asked, allowed, allowed)));

      // 0, with what it is told.
      assertThat(cluster.submit(job("fine", 3)).await().state()).isEqualTo(JobState.FINISHED);
      assertThat(Files.readString(asked))
          .isEqualTo("fine 1 false 3 of " + cluster.job(1).status().owner() + " 1\n");

      // 4, 3 and no answer.
      var refused = cluster.submit(job("refused", 1)).await();
      assertThat(refused.state()).isEqualTo(JobState.FAILED);
      assertThat(refused.message()).isEqualTo("refused by the activation filter: asked of refused");
      assertThat(cluster.submit(job("held", 1)).await().state()).isEqualTo(JobState.FINISHED);
      assertThat(call(head, "job", "view", "3", "--history").output())
          .contains("by the activation filter until");
      assertThat(cluster.submit(job("hang", 1)).await().state()).isEqualTo(JobState.FINISHED);

      // Others go past one that is to wait, and start beside what is kept for another.
      var later = cluster.submit(job("later", 4));
      var reserve = cluster.submit(job("reserve", 3));
      assertThat(cluster.submit(job("fine", 1)).await().state()).isEqualTo(JobState.FINISHED);
      var large = cluster.submit(job("fine", 2));
      awaitExplanation(head, later.id(), "(exit code 77: asked of later); others go past it");
      awaitExplanation(head, reserve.id(), "(asked of reserve); what it would start with is kept");
      awaitExplanation(
          head, large.id(), "job 6, was submitted earlier and waits for the activation filter");
      assertThat(large.status().state()).isEqualTo(JobState.QUEUED);
      later.cancel("");
      reserve.cancel("");
      assertThat(large.await().state()).isEqualTo(JobState.FINISHED);

      // Nothing goes past one that blocks.
      var block = cluster.submit(job("block", 1));
      awaitExplanation(head, block.id(), "(asked of block); it holds up what is behind it");
      var behind = cluster.submit(job("fine", 1));
      awaitExplanation(head, behind.id(), "job 9, was submitted earlier and waits for the act");
      assertThat(behind.status().state()).isEqualTo(JobState.QUEUED);
      assertThat(call(head, "job", "submit", "--dry-run", "true").output())
          .contains("unless the activation filter wants otherwise");
      useBeforeStarts(cluster, "");
      assertThat(behind.await().state()).isEqualTo(JobState.FINISHED);
    }
  }
}
