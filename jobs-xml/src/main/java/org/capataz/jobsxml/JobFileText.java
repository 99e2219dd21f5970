package org.capataz.jobsxml;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.capataz.model.Limits;
import org.capataz.model.Text;

/// The text of a job file, as much as a job may have. Decoded here, because the JDK's parser prints
/// to standard error where bytes are no text; and its start is remembered, because that parser does
/// not say where the root element starts.
final class JobFileText extends FilterReader {

  /// More bytes than a job may have.
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;
  }

  private static final int START = 8192;
  private static final Pattern DECLARED =
      Pattern.compile("<\\?xml\\s[^>]*?encoding\\s*=\\s*[\"']([^\"'>]*)[\"'].*", Pattern.DOTALL);
  private static final Pattern BEFORE_ROOT =
      Pattern.compile("(?:\\s+|<\\?.*?\\?>|<!--.*?-->)*+(?=<)", Pattern.DOTALL);
  private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

  private final String file;
  private final StringBuilder start = new StringBuilder();

  private JobFileText(InputStream in, Charset charset, String file) {
    super(new InputStreamReader(in, charset.newDecoder()));
    this.file = file;
  }

  /// Finds out how the text is encoded: by its byte order mark, as declared, or in UTF-8.
  ///
  /// @throws Refusing if it is not in what it declares
  static JobFileText open(InputStream in, String file) throws IOException {
    var bounded = new Bounded(in);
    var head = bounded.readNBytes(START);
    var text = new String(head, StandardCharsets.ISO_8859_1);
    var mark =
        text.startsWith("\u00EF\u00BB\u00BF")
            ? 3
            : text.startsWith("\u00FE\u00FF") || text.startsWith("\u00FF\u00FE") ? 2 : 0;
    var charset =
        switch (mark) {
          case 3 -> StandardCharsets.UTF_8;
          case 2 -> head[0] == (byte) 0xFE ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
          default -> declared(text, file);
        };
    var all = new SequenceInputStream(new ByteArrayInputStream(head), bounded);
    all.skipNBytes(mark);
    return new JobFileText(all, charset, file);
  }

  private static Charset declared(String text, String file) {
    var match = DECLARED.matcher(text);
    if (!match.matches()) {
      return StandardCharsets.UTF_8;
    }
    try {
      var charset = Charset.forName(match.group(1));
      if (charset.canEncode() && "<".getBytes(charset).length == 1) {
        return charset;
      }
    } catch (IllegalArgumentException unknown) {
      // Refused with those that could not have been used to write the declaration.
    }
    throw new Refusing(
        new Position(file, 1, 1),
        "expected text in the encoding that is declared, '"
            + Text.shown(match.group(1))
            + "', but it is not");
  }

  @Override
  public int read() throws IOException {
    var one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    var read = super.read(buffer, offset, length);
    if (read > 0 && start.length() < START) {
      start.append(buffer, offset, Math.min(read, START - start.length()));
    }
    return read;
  }

  /// Where the root element starts, if it does so within the first characters; else the file's
  /// start. To be asked once that element was read.
  Position root() {
    var before = BEFORE_ROOT.matcher(start);
    var lines = LINE_END.split(before.lookingAt() ? before.group() : "", -1);
    return new Position(file, lines.length, lines[lines.length - 1].length() + 1);
  }

  private static final class Bounded extends FilterInputStream {
    private long size;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      var read = super.read(buffer, offset, length);
      size += Math.max(0, read);
      if (size > Limits.JOB_BYTES) {
        throw new TooLarge();
      }
      return read;
    }
  }
}
