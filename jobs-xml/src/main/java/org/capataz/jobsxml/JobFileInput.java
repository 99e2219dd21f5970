package org.capataz.jobsxml;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.capataz.model.Limits;

/// The bytes of a job file, as many as a job may have. Remembers the first of them, because the
/// parser does not say where the root element starts.
final class JobFileInput extends FilterInputStream {

  /// More bytes than a job may have.
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;
  }

  /// A place in a text, both from 1.
  record LineAndColumn(int line, int column) {}

  private static final Pattern BEFORE_ROOT =
      Pattern.compile("(?:\\s+|<\\?.*?\\?>|<!--.*?-->)*+(?=<)", Pattern.DOTALL);
  private static final Pattern NOT_TEXT = Pattern.compile("[\\x00\\x80-\\xff]");
  private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

  private final byte[] head = new byte[8192];
  private long size;

  JobFileInput(InputStream in) {
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
    if (read > 0) {
      if (size < head.length) {
        var kept = Math.min(read, head.length - (int) size);
        System.arraycopy(buffer, offset, head, (int) size, kept);
      }
      size += read;
      if (size > Limits.JOB_BYTES) {
        throw new TooLarge();
      }
    }
    return read;
  }

  /// Where the root element starts, if it does so within the first bytes; else the first character.
  /// Right for all encodings whose ASCII characters are ASCII bytes, or those and zero bytes.
  LineAndColumn root() {
    var bytes = Arrays.copyOf(head, (int) Math.min(size, head.length));
    var text = NOT_TEXT.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).replaceAll("");
    var before = BEFORE_ROOT.matcher(text);
    var lines = LINE_END.split(before.lookingAt() ? before.group() : "", -1);
    return new LineAndColumn(lines.length, lines[lines.length - 1].length() + 1);
  }
}
