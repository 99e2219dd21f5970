package org.capataz.computenode.keeper;

import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// A keeper behind a pair of streams.
final class FramedLink implements KeeperLink {

  private final Frames frames;
  private final Object sending = new Object();

  FramedLink(Frames frames) {
    this.frames = frames;
  }

  @Override
  public void send(Collection<? extends Request> requests) throws IOException {
    synchronized (sending) {
      frames.send(requests);
    }
  }

  @Override
  public @Nullable Report receive() throws IOException {
    var message = frames.receive();
    if (message == null || message instanceof Report) {
      return (Report) message;
    }
    throw new IOException("expected a report, but got " + message);
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }
}
