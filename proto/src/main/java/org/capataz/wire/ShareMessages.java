package org.capataz.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import org.capataz.model.Share;

/// Shares of the cluster, to and from their messages. The same bytes are sent and stored.
public final class ShareMessages {

  private ShareMessages() {}

  public static org.capataz.proto.v1.Share toMessage(Share share) {
    return org.capataz.proto.v1.Share.newBuilder()
        .setProject(share.of().project())
        .setUser(share.of().user())
        .setParent(share.parent())
        .setShares(share.shares())
        .setBoost(share.boost())
        .build();
  }

  public static Share ofMessage(org.capataz.proto.v1.Share message) {
    return new Share(
        placeOf(message), message.getParent(), message.getShares(), message.getBoost());
  }

  /// Whose share it is.
  public static Share.Of placeOf(org.capataz.proto.v1.Share message) {
    return new Share.Of(message.getProject(), message.getUser());
  }

  /// A message that says whose share is meant, and nothing else.
  public static org.capataz.proto.v1.Share toMessage(Share.Of of) {
    return org.capataz.proto.v1.Share.newBuilder()
        .setProject(of.project())
        .setUser(of.user())
        .build();
  }

  public static byte[] toBytes(Share share) {
    return toMessage(share).toByteArray();
  }

  /// Reads what [#toBytes] wrote.
  ///
  /// @throws IllegalStateException if the bytes are damaged
  public static Share ofBytes(byte[] bytes) {
    try {
      return ofMessage(org.capataz.proto.v1.Share.parseFrom(bytes));
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException("expected a stored share, but it is damaged", damaged);
    }
  }
}
