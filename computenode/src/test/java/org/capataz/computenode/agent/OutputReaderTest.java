package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.computenode.keeper.TaskOutput.Stream;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputReaderTest {

  private static final AttemptId ATTEMPT =
      new AttemptId(new UUID(1, 1), 1, new InstanceId(12, 2, 17), 1);

  @TempDir private Path root;
  private Path home;
  private Path data;
  private OutputReader reader;

  @BeforeEach
  void open() throws IOException {
    home = Files.createDirectories(root.resolve("home"));
    data = Files.createDirectories(root.resolve("data"));
    var login = new Login("ana", home.toString(), "/bin/sh", "C.UTF-8", "/tmp");
    var executions = new Executions("n1", login, List.of(), new ParallelFiles(data), List.of());
    reader = new OutputReader(executions, data);
  }

  @AfterEach
  void close() {
    reader.close();
  }

  @Test
  void anUnnamedStreamIsReadInPieces() throws IOException {
    var file = Files.createDirectories(data.resolve("output/12")).resolve("2.17.1.out");
    Files.writeString(file, "0123456789");

    var first = reader.answer(kept(0, 4));
    var last = reader.answer(kept(4, 100));

    assertThat(first.data().toStringUtf8()).isEqualTo("0123");
    assertThat(first.atEnd()).isFalse();
    assertThat(last.data().toStringUtf8()).isEqualTo("456789");
    assertThat(last.atEnd()).isTrue();
  }

  @Test
  void whatIsNotKeptIsSkippedAndCounted() throws IOException {
    var file = Files.createDirectories(data.resolve("output/12")).resolve("2.17.1.out");
    Files.writeString(file, "0123\0\0\0\0\089");
    Files.writeString(data.resolve("output/12/2.17.1.out.hole"), "4 9 " + ATTEMPT + "\n");

    var head = reader.answer(kept(0, 100));
    var tail = reader.answer(kept(4, 100));

    assertThat(head.data().toStringUtf8()).isEqualTo("0123");
    assertThat(head.missing().bytes()).isZero();
    assertThat(head.atEnd()).isFalse();
    assertThat(tail.data().toStringUtf8()).isEqualTo("89");
    assertThat(tail.missing().bytes()).isEqualTo(5);
    assertThat(tail.atEnd()).isTrue();
  }

  @Test
  void nothingWrittenYetIsNoMistake() {
    var piece = reader.answer(kept(0, 100));

    assertThat(piece.refusal()).isEmpty();
    assertThat(piece.atEnd()).isTrue();
  }

  @Test
  void aUsersFileIsFoundWhereItsTaskWroteIt() throws IOException {
    Files.writeString(Files.createDirectories(home.resolve("run")).resolve("out.txt"), "hello\n");

    assertThat(reader.answer(named("run", "out.txt")).data().toStringUtf8()).isEqualTo("hello\n");
    assertThat(reader.answer(named("", "run/out.txt")).data().toStringUtf8()).isEqualTo("hello\n");
    assertThat(reader.answer(named("/nowhere", home + "/run/out.txt")).data().toStringUtf8())
        .isEqualTo("hello\n");
  }

  @Test
  void oneAnswerIsBounded() throws IOException {
    Files.write(home.resolve("large"), new byte[OutputReader.LIMIT + 1]);

    var piece = reader.answer(query(0, Integer.MAX_VALUE, "large", ""));

    assertThat(piece.data().size()).isEqualTo(OutputReader.LIMIT);
    assertThat(piece.atEnd()).isFalse();
  }

  @Test
  void beyondTheEndThereIsNothing() throws IOException {
    Files.writeString(home.resolve("small"), "x");

    var piece = reader.answer(query(100, 100, "small", ""));

    assertThat(piece.data().isEmpty()).isTrue();
    assertThat(piece.atEnd()).isTrue();
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(reader.answer(named("", "absent.txt")).refusal())
        .contains("absent.txt, but there is no such file");
  }

  @Test
  void whatIsNoFileIsNotRead() {
    assertThat(reader.answer(named("", home.toString())).refusal()).contains("something else");
    assertThat(reader.answer(named("", "a\0b")).refusal()).isNotEmpty();
  }

  @Test
  void noPathLeadsIntoTheNodesStateOrTheKernels() throws IOException {
    Files.writeString(data.resolve("node-id"), "secret");
    Files.createSymbolicLink(home.resolve("link"), data.resolve("node-id"));

    assertThat(reader.answer(named("", "../data/node-id"))).satisfies(this::isRefused);
    assertThat(reader.answer(named("", "link"))).satisfies(this::isRefused);
    assertThat(reader.answer(named("/proc/self", "environ"))).satisfies(this::isRefused);
    assertThat(reader.answer(named("", "/dev/zero"))).satisfies(this::isRefused);
  }

  private void isRefused(OutputPiece piece) {
    assertThat(piece.refusal()).contains("cannot be any");
    assertThat(piece.data().isEmpty()).isTrue();
  }

  private static OutputQuery kept(long offset, int limit) {
    return query(offset, limit, "", "");
  }

  private static OutputQuery named(String directory, String path) {
    return query(0, 1000, path, directory);
  }

  private static OutputQuery query(long offset, int limit, String path, String directory) {
    return new OutputQuery(1, ATTEMPT, Stream.OUT, offset, limit, path, directory);
  }
}
