package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.capataz.cli.CommandCall;
import org.capataz.client.JobBuilder;
import org.capataz.client.StandardStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What tasks write reaches whoever asks the head node for it.
final class OutputIT {

  @RegisterExtension private final Site site = new Site();

  @Test
  void outputIsReadThroughTheHeadNodeWhetherItHasAFileOrNot() throws Exception {
    var head = site.head();
    site.node(head, "n1", 2);
    var place = site.work("place");
    try (var cluster = head.connect()) {
      var job =
          cluster.submit(
              JobBuilder.named("talk")
                  .task(t -> t.commandLine("echo kept; echo also >&2"))
                  .task(
                      t ->
                          t.commandLine("echo filed")
                              .workDirectory(place.toString())
                              .standardOutput("out.txt"))
                  .task(t -> t.commandLine("echo value *").sweep(1, 3))
                  .build());
      job.await();

      assertThat(call(head, "job", "output", "1.1"))
          .isEqualTo(new CommandCall(0, "kept\n", "also\n"));
      assertThat(call(head, "job", "output", "1.2")).isEqualTo(new CommandCall(0, "filed\n", ""));
      assertThat(call(head, "job", "output", "1.3.2"))
          .isEqualTo(new CommandCall(0, "value 2\n", ""));
      assertThat(call(head, "job", "output", "--stdout", "1.3").output())
          .isEqualTo("value 1\nvalue 2\nvalue 3\n");
      assertThat(Files.readString(place.resolve("out.txt"))).isEqualTo("filed\n");
    }
  }

  private CommandCall call(HeadProcess head, String... arguments) {
    return CommandCall.of(head.address(), head.clientToken(), site.folder(), arguments);
  }

  @Test
  void outputIsFollowedFromBeforeItsStartToItsEnd() throws Exception {
    var head = site.head();
    var place = site.work("place");
    try (var cluster = head.connect()) {
      var job =
          cluster.submit(
              JobBuilder.named("talk")
                  .task(
                      t ->
                          t.commandLine(
                                  "echo first; until [ -e go ]; do sleep 0.05; done; echo last")
                              .workDirectory(place.toString()))
                  .build());
      var call =
          site.command(
              place,
              Map.of(
                  "CAPATAZ_HEAD",
                  head.address(),
                  "CAPATAZ_TOKEN_FILE",
                  head.clientToken().toString()),
              "job",
              "output",
              "-f",
              "1");
      try (var lines =
          new BufferedReader(
              new InputStreamReader(
                  job.follow(1, 0, StandardStream.OUTPUT), StandardCharsets.UTF_8))) {
        site.node(head, "n1", 1);

        assertThat(lines.readLine()).isEqualTo("first");
        Patience.until("the first line", () -> site.reads(call.output(), "first\n"));
        Files.createFile(place.resolve("go"));
        assertThat(lines.readLine()).isEqualTo("last");
        assertThat(lines.readLine()).isNull();
      }
      var end = call.end();
      assertThat(end.output()).as(end.errors()).isEqualTo("first\nlast\n");
      assertThat(end.exitCode()).isZero();
    }
  }
}
