package org.capataz.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {

  @TempDir private Path folder;

  private Path swf(String... lines) throws IOException {
    var file = folder.resolve("trace.swf");
    Files.writeString(file, String.join("\n", lines));
    return file;
  }

  @Test
  void jobsComeInTheOrderOfTheirSubmission() throws IOException {
    var trace =
        Trace.read(
            swf(
                "; MaxNodes: 4",
                "; MaxProcs: 8",
                "2 20 -1 10 4 -1 -1 -1 30",
                "",
                "1 5 -1 50 4 -1 -1 2 40"),
            OptionalInt.empty());

    assertThat(trace.processors()).isEqualTo(8);
    assertThat(trace.jobs())
        .containsExactly(new Trace.Job(1, 5, 40, 2, 40), new Trace.Job(2, 20, 10, 4, 30));
  }

  @Test
  void jobsThatCannotBePlayedAreLeftOut() throws IOException {
    var trace =
        Trace.read(
            swf(
                "1 -1 -1 10 1 -1 -1 1 10",
                "2 0 -1 0 1 -1 -1 1 10",
                "3 0 -1 10 1 -1 -1 1 -1",
                "4 0 -1 10 -1 -1 -1 0 10",
                "5 0 -1 10 9 -1 -1 1 10",
                "6 0 -1 10 1 -1 -1 9 10",
                "7 0 -1 10 8 -1 -1 8 10"),
            OptionalInt.of(8));

    assertThat(trace.jobs()).extracting(Trace.Job::id).containsExactly(7);
  }

  @Test
  void aPackedTraceIsRead() throws IOException {
    var file = folder.resolve("trace.swf.gz");
    try (var out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.ISO_8859_1)) {
      out.write("1 0 -1 10 1 -1 -1 1 10");
    }

    assertThat(Trace.read(file, OptionalInt.of(1)).jobs()).hasSize(1);
  }

  @Test
  void aTraceThatIsNoneIsRefusedWithItsLine() throws IOException {
    assertThatThrownBy(() -> Trace.read(swf("1 0 -1 10 1 -1 -1 1 10"), OptionalInt.empty()))
        .hasMessageContaining("expected a header with MaxProcs in ");
    assertThatThrownBy(() -> Trace.read(swf("; x", "a b c d e f g h i"), OptionalInt.of(1)))
        .hasMessageMatching("expected numbers in line 2 of .*trace.swf, but got 'e'");
  }
}
