package org.capataz.wire;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;

/// Identities, to and from their messages.
public final class Identities {

  private static final int UUID_BYTES = 16;

  private Identities() {}

  public static org.capataz.proto.v1.AttemptId toMessage(AttemptId attempt) {
    return org.capataz.proto.v1.AttemptId.newBuilder()
        .setCluster(toBytes(attempt.cluster()))
        .setEpoch(attempt.epoch())
        .setJob(attempt.instance().job())
        .setTask(attempt.instance().task())
        .setInstance(attempt.instance().instance())
        .setNumber(attempt.number())
        .build();
  }

  /// Reads an attempt.
  ///
  /// @throws IllegalArgumentException if the cluster is no UUID
  public static AttemptId ofMessage(org.capataz.proto.v1.AttemptId message) {
    return new AttemptId(
        uuid(message.getCluster()),
        message.getEpoch(),
        new InstanceId(message.getJob(), message.getTask(), message.getInstance()),
        message.getNumber());
  }

  public static ByteString toBytes(UUID uuid) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(UUID_BYTES)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .flip());
  }

  /// Reads a UUID.
  ///
  /// @throws IllegalArgumentException if these are not 16 bytes
  public static UUID uuid(ByteString bytes) {
    if (bytes.size() != UUID_BYTES) {
      throw new IllegalArgumentException("expected a UUID of 16 bytes, but got " + bytes.size());
    }
    var buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
