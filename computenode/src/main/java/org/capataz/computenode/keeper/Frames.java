package org.capataz.computenode.keeper;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Messages over a pair of streams, each preceded by its length. One thread may send while another
/// receives.
final class Frames implements AutoCloseable {

  private final DataInputStream in;
  private final DataOutputStream out;

  Frames(InputStream in, OutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in, 64 * 1024));
    this.out = new DataOutputStream(new BufferedOutputStream(out, 64 * 1024));
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
