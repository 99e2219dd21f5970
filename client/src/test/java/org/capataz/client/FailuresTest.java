package org.capataz.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  /// As gRPC tells of an encrypted connection whose network goes down.
  @Test
  void aConnectionThatWasLostForReasonsUnknownMayBeMadeAgain() {
    var lost =
        new StatusException(
            Status.UNKNOWN
                .withDescription("channel closed")
                .withCause(new ClosedChannelException()));

    assertThat(Failures.isPassing(lost)).isTrue();
    assertThat(Failures.isPassing(new StatusException(Status.UNKNOWN))).isFalse();
  }
}
