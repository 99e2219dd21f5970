package org.capataz.headnode.rpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.concurrent.Semaphore;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.proto.v1.BackupPiece;

/// Hands out copies of the database. A copy is made at the speed of the disk, and then sent at that
/// of the client: while it is made, the database grows by all that is written.
final class Backups {

  private static final int PIECE = 256 * 1024;

  private final EngineLoop loop;
  private final Semaphore making = new Semaphore(1);

  Backups(EngineLoop loop) {
    this.loop = loop;
  }

  void send(StreamObserver<BackupPiece> out) {
    try {
      Answers.accepted(SettingsRequests.administrator("copy the database"));
    } catch (StatusRuntimeException refused) {
      out.onError(refused);
      return;
    }
    Outlet.open(out, this::feed);
  }

  private void feed(Outlet<BackupPiece> outlet) throws InterruptedException {
    try (var copy = copy()) {
      for (var piece = copy.readNBytes(PIECE); piece.length > 0; piece = copy.readNBytes(PIECE)) {
        outlet.send(BackupPiece.newBuilder().setData(ByteString.copyFrom(piece)).build());
      }
    } catch (IOException failed) {
      throw Status.UNAVAILABLE
          .withDescription("expected to copy the database, but " + failed)
          .asRuntimeException();
    }
  }

  /// A copy that is gone when it is closed, or this process ends.
  private InputStream copy() throws IOException {
    if (!making.tryAcquire()) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "expected one backup at a time, but another one is being made; try again later")
          .asRuntimeException();
    }
    try {
      var file = loop.store().copy();
      try {
        return Files.newInputStream(file);
      } finally {
        // What is open can be read without its name.
        Files.delete(file);
      }
    } finally {
      making.release();
    }
  }
}
