package org.capataz.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {

  @Property
  void anAttemptIsReadAsItWasSent(
      @ForAll long high,
      @ForAll long low,
      @ForAll long epoch,
      @ForAll int job,
      @ForAll int task,
      @ForAll long instance,
      @ForAll int number) {
    var attempt =
        new AttemptId(new UUID(high, low), epoch, new InstanceId(job, task, instance), number);

    assertThat(Identities.ofMessage(Identities.toMessage(attempt))).isEqualTo(attempt);
  }

  @Property
  void aUuidIsSixteenBytes(@ForAll long high, @ForAll long low) {
    var bytes = Identities.toBytes(new UUID(high, low));

    assertThat(bytes.size()).isEqualTo(16);
    assertThat(Identities.uuid(bytes)).isEqualTo(new UUID(high, low));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 17, 1000})
  void otherBytesAreNoUuid(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Identities.uuid(ByteString.copyFrom(new byte[size])))
        .withMessage("expected a UUID of 16 bytes, but got " + size);
  }
}
