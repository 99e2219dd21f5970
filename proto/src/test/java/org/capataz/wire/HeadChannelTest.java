package org.capataz.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.capataz.model.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadChannelTest {

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "0.0.0.0", "head.example.org", "localhost.example.org"})
  void aTokenWithoutFingerprintNeverLeavesTheMachine(String host) {
    var token = Token.create(Token.Kind.CLIENT, new SecureRandom());

    var channel = HeadChannel.open(new HeadAddress(host, 5800), token, Runnable::run);

    assertThat(channel)
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refused ->
                assertThat(refused.refusal().message())
                    .startsWith("expected a token with a fingerprint for " + host + ":5800"));
  }
}
