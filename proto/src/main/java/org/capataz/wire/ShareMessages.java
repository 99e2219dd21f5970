package org.capataz.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.OptionalInt;
import org.capataz.model.Quota;
import org.capataz.model.Share;

/// Shares of the cluster, to and from their messages. The same bytes are sent and stored.
public final class ShareMessages {

  private ShareMessages() {}

  public static org.capataz.proto.v1.Share toMessage(Share share) {
    var message =
        org.capataz.proto.v1.Share.newBuilder()
            .setProject(share.of().project())
            .setUser(share.of().user())
            .setParent(share.parent())
            .setShares(share.shares())
            .setBoost(share.boost());
    share.quota().cores().ifPresent(message::setMaxCores);
    share.quota().jobs().ifPresent(message::setMaxJobs);
    share.quota().queued().ifPresent(message::setMaxQueued);
    share.quota().coreHours().ifPresent(message::setMaxCoreHours);
    return message.build();
  }

  public static Share ofMessage(org.capataz.proto.v1.Share message) {
    return new Share(
        placeOf(message),
        message.getParent(),
        message.getShares(),
        message.getBoost(),
        new Quota(
            limit(message.hasMaxCores(), message.getMaxCores()),
            limit(message.hasMaxJobs(), message.getMaxJobs()),
            limit(message.hasMaxQueued(), message.getMaxQueued()),
            limit(message.hasMaxCoreHours(), message.getMaxCoreHours())));
  }

  private static OptionalInt limit(boolean isSet, int most) {
    return isSet ? OptionalInt.of(most) : OptionalInt.empty();
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
