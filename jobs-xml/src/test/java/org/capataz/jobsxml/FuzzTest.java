package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.capataz.model.Result;
import org.junit.jupiter.api.Test;

/// Damages real files at random. `-Dfuzz.seed=N` chooses the run, `-Dfuzz.files=N` its length.
class FuzzTest {

  private static final List<String> TOKENS =
      List.of(
          "<",
          ">",
          "/>",
          "\"",
          "'",
          "&",
          "&#0;",
          "&amp;",
          "<!--",
          "-->",
          "<![CDATA[",
          "]]>",
          "<?",
          "<!DOCTYPE a [",
          "xmlns='x'",
          "\0",
          "\uFEFF",
          "<Job>",
          "</Job>",
          "<Tasks>",
          "<Task ",
          "<SweepValues>",
          "<Table>",
          "<Row a='1'/>",
          "<Parameter Name='a' List='1-9'/>",
          "<Value>",
          " MinCores='1'",
          " Runtime='1:2'",
          " GroupId='17'",
          "𐀀");

  @Test
  void aDamagedFileIsReadOrRefusedInOneLine() throws Exception {
    var seed = Long.getLong("fuzz.seed", 20261121);
    var random = new Random(seed);
    var originals = originals();
    var printed = new ByteArrayOutputStream();
    var standardError = System.err;
    var accepted = 0;
    try {
      System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
      for (var number = 0; number < Integer.getInteger("fuzz.files", 5000); number++) {
        var damaged = damaged(originals.get(random.nextInt(originals.size())), random);
        try {
          accepted += isReadOrRefused(damaged) ? 1 : 0;
        } catch (RuntimeException | AssertionError wrong) {
          throw new AssertionError(
              "-Dfuzz.seed="
                  + seed
                  + ", file "
                  + number
                  + ":\n"
                  + new String(damaged, StandardCharsets.UTF_8),
              wrong);
        }
      }
    } finally {
      System.setErr(standardError);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(accepted).as("files that are still well-formed").isGreaterThan(100);
  }

  private static boolean isReadOrRefused(byte[] bytes) {
    return switch (JobFileReaderTest.read(bytes)) {
      case Result.Refused<JobFile>(var refusal) -> {
        assertThat(refusal.message()).startsWith("a.xml:").contains("expected").hasLineCount(1);
        yield false;
      }
      case Result.Ok<JobFile>(var file) -> {
        file.resolve();
        if (JobFile.write(file.draft(), JobFileForm.CAPATAZ)
            instanceof Result.Ok<byte[]>(var out)) {
          assertThat(JobFileReaderTest.read(out).orElseThrow().draft().tasks())
              .isEqualTo(file.draft().tasks());
        }
        yield true;
      }
    };
  }

  private static byte[] damaged(byte[] original, Random random) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(original);
    for (var damages = 1 + random.nextInt(3); damages > 0; damages--) {
      var bytes = out.toByteArray();
      var at = random.nextInt(bytes.length + 1);
      var length = Math.min(bytes.length - at, 1 << random.nextInt(8));
      out.reset();
      out.write(bytes, 0, at);
      switch (random.nextInt(5)) {
        case 0 -> out.write(bytes, at + length, bytes.length - at - length);
        case 1 -> {
          out.write(bytes, at, length);
          out.write(bytes, at, bytes.length - at);
        }
        case 2 -> {
          out.writeBytes(
              TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8));
          out.write(bytes, at, bytes.length - at);
        }
        case 3 -> {
          out.write(random.nextInt(256));
          out.write(bytes, Math.min(at + 1, bytes.length), Math.max(0, bytes.length - at - 1));
        }
        default -> {
          // Cut off here.
        }
      }
    }
    return out.toByteArray();
  }

  private static List<byte[]> originals() throws IOException, URISyntaxException {
    var originals = new ArrayList<byte[]>();
    for (var folder : DialectsTest.dialects().toList()) {
      originals.add(Files.readAllBytes(folder.resolve("input.xml")));
    }
    return originals;
  }
}
