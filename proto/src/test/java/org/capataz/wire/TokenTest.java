package org.capataz.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.capataz.model.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

  private static final String SECRET = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlYy0";

  private final Token token = Token.create(Token.Kind.CLIENT, new SecureRandom());

  @Test
  void aTokenIsReadAsItIsRevealed() {
    var read = Token.parse(token.reveal() + "\n").orElseThrow();

    assertThat(read.reveal()).isEqualTo(token.reveal());
    assertThat(read.kind()).isEqualTo(Token.Kind.CLIENT);
    assertThat(read.isPlain()).isTrue();
  }

  @Test
  void noTwoTokensAreAlike() {
    var other = Token.create(Token.Kind.CLIENT, new SecureRandom());

    assertThat(token.isBearer(token.bearer())).isTrue();
    assertThat(token.isBearer(other.bearer())).isFalse();
    assertThat(token.isBearer("")).isFalse();
  }

  @Test
  void aTokenDoesNotShowItsSecret() {
    assertThat(token.toString()).doesNotContain(token.bearer()).isEqualTo("Token[client, plain]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SECRET,
        "capataz1.client." + SECRET,
        "capataz2.client." + SECRET + ".-",
        "capataz1.root." + SECRET + ".-",
        "capataz1.client." + SECRET + "A.-",
        "capataz1.client." + SECRET + "." + SECRET + "=",
        SECRET + "." + SECRET + "." + SECRET + "." + SECRET,
      })
  void whatIsNoTokenIsRefusedWithoutBeingRepeated(String text) {
    assertThat(Token.parse(text))
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refused ->
                assertThat(refused.refusal().message())
                    .startsWith("expected a token")
                    .doesNotContain("c2VjcmV0"));
  }
}
