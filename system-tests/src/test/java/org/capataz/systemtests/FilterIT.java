package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.capataz.cli.CommandCall;
import org.capataz.client.Cluster;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobProperty;
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
}
