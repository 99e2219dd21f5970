package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FramesTest {

  private static final AttemptId ATTEMPT =
      new AttemptId(UUID.randomUUID(), 1L << 40, new InstanceId(1, 2, 1L << 33), 4);
  private static final Report.Running RUNNING =
      new Report.Running(ATTEMPT, new ProcessId(4_194_304, 1L << 50), 1_790_000_000_000_000L, true);

  private static final BranchId BRANCH = new BranchId(ATTEMPT, "Ab1");

  private static BranchRequest wish(Optional<BranchRequest.Command> command) {
    return new BranchRequest(BRANCH, "n2", true, command);
  }

  static List<Message> everyMessage() {
    return List.of(
        new Request.Start(
            ATTEMPT,
            new Execution(
                List.of("model", "", "größer"),
                Map.of("A", "", "B", "x".repeat(100_000)),
                "/work",
                new Execution.Streams("in", "out", "err"),
                new Execution.Limits(Long.MAX_VALUE, 5),
                List.of(0, 4),
                List.of(
                    new Execution.Peer("n1", "10.0.0.1", 3),
                    new Execution.Peer("n2", "10.0.0.2", 1)))),
        new Request.Hold(
            ATTEMPT, Map.of("CCP_COREIDS", "0"), new Execution.Limits(1, 2), List.of(3)),
        new Request.Serve(
            wish(Optional.of(new BranchRequest.Command("a b", Map.of("A", ""), "/")))),
        new Request.Serve(wish(Optional.empty())),
        new Request.Hear(BranchNews.taken(BRANCH)),
        new Report.Wanted(wish(Optional.empty())),
        new Report.Served(BranchNews.ended(BRANCH, new BranchNews.End(3, "m", "out", "err"))),
        new BranchBegun(ATTEMPT),
        new Request.Stop(ATTEMPT, EndReason.CANCELED, "by eva", 10),
        new Request.Acknowledge(List.of(ATTEMPT, ATTEMPT)),
        new Request.ListAttempts(),
        new Report.Accepted(ATTEMPT),
        RUNNING,
        ended(new ExitStatus.Code(255)),
        ended(new ExitStatus.Killed(9)),
        ended(new ExitStatus.Unknown()),
        new Report.Inventory("boot", List.of(RUNNING, new Report.Accepted(ATTEMPT))),
        new Report.Stopping(),
        new Begun(ATTEMPT, new Execution.Limits(1, 2)));
  }

  @ParameterizedTest
  @MethodSource("everyMessage")
  void aMessageArrivesAsItWasSent(Message message) throws IOException {
    assertThat(received(sent(List.of(message)))).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("everyMessage")
  void aMessageThatIsCutShortIsNeverTakenForAnother(Message message) throws IOException {
    var bytes = Codec.encode(message);
    for (var length = 0; length < Math.min(bytes.length, 400); length++) {
      var cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Codec.decode(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void theEndOfTheStreamIsTheEnd() throws IOException {
    assertThat(received(new byte[0])).isNull();
    assertThat(received(new byte[] {0, 0})).isNull();
  }

  @Test
  void aLengthThatIsNoneIsRefusedBeforeMemoryIsTaken() {
    assertThatThrownBy(() -> received(new byte[] {127, -1, -1, -1}))
        .hasMessage("expected a message, but its length is 2147483647");
  }

  @Test
  void theAgentsEndTakesReportsAlone() throws IOException {
    var said = new ByteArrayOutputStream();
    try (var keeper = new Frames(InputStream.nullInputStream(), said)) {
      keeper.sayHello();
      keeper.send(List.of(new Request.ListAttempts()));
    }
    try (var link =
        KeeperLink.over(
            new ByteArrayInputStream(said.toByteArray()), OutputStream.nullOutputStream())) {
      assertThatThrownBy(link::receive)
          .hasMessageStartingWith("expected a report, but got ListAttempts");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "capagt02, speaks version 02",
    "'', ended without a word",
    "capataz: expected a JDK, says 'capataz:'"
  })
  void whoeverSpeaksAnotherVersionIsNotHeardAtAll(String hello, String what) {
    assertThatThrownBy(
            () ->
                KeeperLink.over(
                    new ByteArrayInputStream(hello.getBytes(StandardCharsets.US_ASCII)),
                    OutputStream.nullOutputStream()))
        .hasMessage(
            "expected the keeper to speak version 01 of what keeper and agent say, but it " + what);
  }

  private static Report.Ended ended(ExitStatus status) {
    return new Report.Ended(
        ATTEMPT,
        EndReason.EXITED,
        "",
        new Report.Outcome(status, 1, 2, new ResourceUsage(3, 4, 5), "tail\n"));
  }

  private static byte[] sent(List<? extends Message> messages) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var frames = new Frames(InputStream.nullInputStream(), bytes)) {
      frames.send(messages);
    }
    return bytes.toByteArray();
  }

  private static @Nullable Message received(byte[] bytes) throws IOException {
    try (var frames =
        new Frames(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream())) {
      return frames.receive();
    }
  }
}
