package org.capataz.wire;

import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/// How a head node that has too much to do says that the same request may succeed later: by gRPC's
/// own trailer for that, with the status `RESOURCE_EXHAUSTED`, or `DEADLINE_EXCEEDED` where the
/// request came too slowly. Without the trailer a status says what it says of others.
public final class Overload {

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final String MILLIS = "500";

  private Overload() {}

  /// What goes with the status.
  public static Metadata trailers() {
    var trailers = new Metadata();
    trailers.put(PUSHBACK, MILLIS);
    return trailers;
  }

  /// Whether a call ended so.
  public static boolean isReason(@Nullable Metadata trailers) {
    return trailers != null && trailers.containsKey(PUSHBACK);
  }
}
