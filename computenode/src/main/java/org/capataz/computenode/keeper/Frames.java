package org.capataz.computenode.keeper;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;

/// Messages over a pair of streams, each preceded by its length; before them either side says
/// hello. One thread may send while another receives.
final class Frames implements AutoCloseable {

  private static final String NAME = "capagt";

  /// Of all that keeper and agent, which may be of different builds, have to agree about: these
  /// messages, the options that the keeper gives to the agent, and the files that both know.
  private static final String VERSION = "01";

  private final DataInputStream in;
  private final DataOutputStream out;

  Frames(InputStream in, OutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in, 64 * 1024));
    this.out = new DataOutputStream(new BufferedOutputStream(out, 64 * 1024));
  }

  void sayHello() throws IOException {
    out.writeBytes(NAME + VERSION);
    out.flush();
  }

  /// Waits for the other side's hello.
  ///
  /// @param who the other side
  /// @throws IOException if it speaks another version, or is something else; one line
  void expectHello(String who) throws IOException {
    var bytes = in.readNBytes(NAME.length() + VERSION.length());
    var hello = new String(bytes, StandardCharsets.US_ASCII);
    if (!hello.equals(NAME + VERSION)) {
      throw new IOException(
          "expected %s to speak version %s of what keeper and agent say, but it %s"
              .formatted(
                  who,
                  VERSION,
                  hello.isEmpty()
                      ? "ended without a word"
                      : hello.startsWith(NAME)
                          ? "speaks version " + Text.shown(hello.substring(NAME.length()))
                          : "says '" + Text.shown(hello) + "'"));
    }
  }

  /// Sends all messages, in one write where they are small.
  void send(Collection<? extends Message> messages) throws IOException {
    for (var message : messages) {
      var bytes = Codec.encode(message);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
    out.flush();
  }

  /// The next message, or null when the other side has closed.
  @Nullable Message receive() throws IOException {
    try {
      var length = in.readInt();
      if (length <= 0 || length > Codec.MAX_BYTES) {
        throw new IOException("expected a message, but its length is " + length);
      }
      return Codec.decode(in.readNBytes(length));
    } catch (EOFException e) {
      return null;
    }
  }

  /// Tells the other side that nothing more will be sent.
  void closeOutput() throws IOException {
    out.close();
  }

  @Override
  public void close() throws IOException {
    try (in) {
      out.close();
    }
  }
}
