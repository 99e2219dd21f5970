package org.capataz.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.capataz.proto.v1.OutputChunk;
import org.capataz.proto.v1.ReadOutputRequest;

/// What an instance wrote, as the head node hands it over. After a cut it goes on where it was. Of
/// what was not kept it tells before it hands out what comes after.
final class OutputInput extends InputStream {

  private final LiveStream<OutputChunk> stream;
  private final Requests requests;
  private final boolean follow;
  private final Consumer<MissingOutput> missing;
  private InputStream chunk = InputStream.nullInputStream();
  private long offset;
  private boolean ended;

  OutputInput(Requests requests, ReadOutputRequest request, Consumer<MissingOutput> missing) {
    this.requests = requests;
    this.missing = missing;
    this.follow = request.getFollow();
    this.stream =
        new LiveStream<>(
            requests.heads(),
            false,
            stub -> stub.readOutput(request.toBuilder().setOffset(offset).build()));
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    Objects.checkFromIndexSize(start, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    var count = chunk.read(buffer, start, length);
    while (count < 0 && fetch()) {
      count = chunk.read(buffer, start, length);
    }
    return count;
  }

  private boolean fetch() throws IOException {
    if (ended) {
      return false;
    }
    try {
      // What was written is there to be read; what will be written is worth any waiting.
      var message =
          stream.read(follow ? Deadline.never() : Deadline.in(requests.options().requestTimeout()));
      if (message == null) {
        ended = true;
        return false;
      }
      chunk = message.getData().newInput();
      if (message.getOffset() > offset) {
        missing.accept(new MissingOutput.Part(offset, message.getOffset() - offset));
      }
      if (message.getRemovedBefore() > 0) {
        missing.accept(
            new MissingOutput.Removed(
                Instant.EPOCH.plus(message.getRemovedBefore(), ChronoUnit.MICROS)));
      }
      offset = message.getOffset() + message.getData().size();
      return true;
    } catch (CapatazException refused) {
      throw new IOException(refused.getMessage(), refused);
    } catch (TimeoutException none) {
      var unreachable = Failures.silent(requests.heads());
      throw new IOException(unreachable.getMessage(), unreachable);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for output");
    }
  }

  @Override
  public int available() throws IOException {
    return chunk.available();
  }

  @Override
  public void close() {
    ended = true;
    stream.close();
  }
}
