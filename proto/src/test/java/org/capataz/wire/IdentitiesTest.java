package org.capataz.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {

  @Test
  void anAttemptIsReadAsItWasSent() {
    Seeds.forEach(
        1000,
        random -> {
          var instance = new InstanceId(anInt(random), anInt(random), aLong(random));
          var attempt = new AttemptId(uuid(random), aLong(random), instance, anInt(random));

          assertThat(Identities.ofMessage(Identities.toMessage(attempt))).isEqualTo(attempt);
        });
  }

  @Test
  void aUuidIsSixteenBytes() {
    Seeds.forEach(
        1000,
        random -> {
          var uuid = uuid(random);
          var bytes = Identities.toBytes(uuid);

          assertThat(bytes.size()).isEqualTo(16);
          assertThat(Identities.uuid(bytes)).isEqualTo(uuid);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 17, 1000})
  void otherBytesAreNoUuid(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Identities.uuid(ByteString.copyFrom(new byte[size])))
        .withMessage("expected a UUID of 16 bytes, but got " + size);
  }

  private static UUID uuid(RandomGenerator random) {
    return new UUID(aLong(random), aLong(random));
  }

  private static int anInt(RandomGenerator random) {
    return Math.clamp(aLong(random), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// Any number, small as often as large, and now and then the least or the greatest.
  private static long aLong(RandomGenerator random) {
    return switch (random.nextInt(16)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      default -> random.nextLong() >> random.nextInt(64);
    };
  }
}
