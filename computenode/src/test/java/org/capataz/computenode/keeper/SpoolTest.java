package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

  private static final String BOOT = "2f9a5d6e-0a52-4b3c-9d3e-111111111111";

  @TempDir Path directory;

  @Test
  void whatWasAppendedIsRead() throws IOException {
    try (var spool = spool(List.of(begun(1)))) {
      spool.append(running(1));
      spool.append(ended(1));
      spool.append(acknowledge(1));
    }

    assertThat(Spool.read(file()))
        .isEqualTo(
            new Spool.Content(BOOT, List.of(begun(1), running(1), ended(1), acknowledge(1))));
  }

  @Test
  void aRecordIsInTheFileBeforeTheSpoolIsClosed() throws IOException {
    var spool = spool(List.of());
    spool.append(begun(1));

    assertThat(Spool.read(file()).records()).containsExactly(begun(1));
    spool.close();
  }

  @Test
  void aLastRecordCutAtAnyByteIsDroppedAndNothingElse() throws IOException {
    long whole;
    try (var spool = spool(List.of(begun(1), running(1)))) {
      whole = Files.size(file());
      spool.append(ended(1));
    }
    var bytes = Files.readAllBytes(file());

    for (var length = (int) whole; length < bytes.length; length++) {
      Files.write(file(), Arrays.copyOf(bytes, length));
      assertThat(Spool.read(file()).records())
          .as("cut at %d of %d", length, bytes.length)
          .containsExactly(begun(1), running(1));
    }
  }

  @Test
  void aLastRecordWithAnyByteWrongIsDroppedAndNothingElse() throws IOException {
    long whole;
    try (var spool = spool(List.of(begun(1), running(1)))) {
      whole = Files.size(file());
      spool.append(ended(1));
    }
    var bytes = Files.readAllBytes(file());

    for (var at = (int) whole; at < bytes.length; at++) {
      var wrong = bytes.clone();
      wrong[at] ^= 0x40;
      Files.write(file(), wrong);
      assertThat(Spool.read(file()).records())
          .as("byte %d of %d", at, bytes.length)
          .containsExactly(begun(1), running(1));
    }
  }

  @Test
  void theFileStaysSmallWhateverRunsLongest() throws IOException {
    var live = new ArrayList<Message>(List.of(begun(0), running(0)));
    var largest = 0L;
    try (var spool = new Spool(file(), BOOT, live, 10_000)) {
      for (var i = 1; i <= 2_000; i++) {
        for (var message : List.of(begun(i), running(i), ended(i), acknowledge(i))) {
          spool.append(message);
          if (spool.isLong()) {
            spool.roll(live);
          }
        }
        largest = Math.max(largest, Files.size(file()));
      }
    }

    assertThat(largest).isLessThan(12_000);
    assertThat(Spool.read(file()).records()).startsWith(begun(0), running(0));
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void whatAPowerCutLeavesOfTheFileIsAnEmptySpool() throws IOException {
    Files.write(file(), new byte[0]);
    assertThat(Spool.read(file())).isEqualTo(Spool.Content.EMPTY);

    Files.write(file(), new byte[4096]);
    assertThat(Spool.read(file())).isEqualTo(Spool.Content.EMPTY);
  }

  @Test
  void aFileOfAnotherVersionIsNotOverwritten() throws IOException {
    Files.writeString(file(), "capspl99" + "x".repeat(100));

    assertThatThrownBy(() -> Spool.read(file()))
        .isInstanceOf(IOException.class)
        .hasMessage("expected " + file() + " to be a spool of version 1, but it is not");
  }

  @Test
  void nobodyElseMayReadIt() throws IOException {
    spool(List.of()).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  private Spool spool(List<Message> live) throws IOException {
    return new Spool(file(), BOOT, live);
  }

  private Path file() {
    return directory.resolve("spool");
  }

  private static AttemptId attempt(int instance) {
    return new AttemptId(new UUID(1, 2), 7, new InstanceId(3, 1, instance), 1);
  }

  private static Message begun(int instance) {
    return new Begun(attempt(instance), new Execution.Limits(100, 10));
  }

  private static Message running(int instance) {
    return new Report.Running(attempt(instance), new ProcessId(100, 5000), 1_000_000, false);
  }

  private static Message ended(int instance) {
    return new Report.Ended(
        attempt(instance),
        EndReason.EXITED,
        "",
        new Report.Outcome(
            new ExitStatus.Code(3), 1, 2, new ResourceUsage(1, 2, 3), "no such grid: größer\n"));
  }

  private static Message acknowledge(int instance) {
    return new Request.Acknowledge(List.of(attempt(instance)));
  }
}
