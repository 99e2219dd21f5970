package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.capataz.cli.CommandCall;
import org.capataz.client.JobBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// One command on all nodes.
final class ClusrunIT {

  @RegisterExtension private final Site site = new Site();

  private CommandCall call(HeadProcess head, String... arguments) {
    return CommandCall.of(head.address(), head.clientToken(), site.folder(), arguments);
  }

  @Test
  void aCommandRunsOnAllNodesAlsoBesideAJobAndOnThoseOfAJob() throws Exception {
    var head = site.head();
    site.node(head, "n1", 2);
    site.node(head, "n2", 1);
    try (var cluster = head.connect()) {
      Patience.until("both nodes", () -> cluster.nodes().size() == 2);

      var all = call(head, "clusrun", "echo on $CCP_NODES; echo also >&2");
      assertThat(all.errors()).contains("n1: also\n").contains("n2: also\n");
      assertThat(all.output())
          .contains("n1: on 1 n1 1\n")
          .contains("n2: on 1 n2 1\n")
          .endsWith("------ Summary ------\n2 nodes succeeded\n0 nodes failed\n");
      assertThat(all.exitCode()).isZero();

      var failing = call(head, "clusrun", "--sorted", "[ $CCP_NODES = '1 n1 1' ] || exit 3");
      assertThat(failing.exitCode()).as(failing.output()).isEqualTo(1);

      var busy =
          cluster.submit(
              JobBuilder.named("busy").task(t -> t.commandLine("sleep 600").cores(2, 2)).build());
      Patience.until("the job", () -> !busy.status().times().start().isEmpty());
      var beside = call(head, "clusrun", "--exclude", "n1", "true");
      assertThat(beside.output()).contains("------ n2 returns 0 ------");
      busy.cancel("");
      assertThat(call(head, "clusrun", "--job", "99", "true").exitCode()).isEqualTo(2);
    }
  }
}
