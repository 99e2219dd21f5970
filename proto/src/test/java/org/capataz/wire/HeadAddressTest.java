package org.capataz.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.capataz.model.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadAddressTest {

  @ParameterizedTest
  @CsvSource({
    "head.example.org:5801, head.example.org, 5801, head.example.org:5801",
    "Head, head, 5800, head:5800",
    "127.0.0.1:0, 127.0.0.1, 0, 127.0.0.1:0",
    "[::1]:5800, ::1, 5800, [::1]:5800",
    "[fe80::2], fe80::2, 5800, [fe80::2]:5800",
  })
  void anAddressHasAHostAndAPort(String text, String host, int port, String shown) {
    var address = HeadAddress.parse(text).orElseThrow();

    assertThat(address).isEqualTo(new HeadAddress(host, port)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":5800",
        "a:b",
        "a:65536",
        "a:1:2",
        "::1",
        "[::1",
        "[head]:1",
        "[1.2.3.4]:1",
        "[:::1]",
        "../../etc:1",
        "a/b",
        "..",
        "a b",
        "-a",
        "[fe80::1%eth0]:1",
        "host:-1"
      })
  void anythingElseIsRefused(String text) {
    assertThat(HeadAddress.parse(text)).isInstanceOf(Result.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "127.9.8.7", "[::1]", "LOCALHOST:1"})
  void aLoopbackAddressStaysOnThisMachine(String text) {
    assertThat(HeadAddress.parse(text).orElseThrow().isLoopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1.example.org",
        "localhost.example.org",
        "0.0.0.0",
        "[::]",
        "10.0.0.1",
        "127.0.0.1x",
        "head"
      })
  void nothingThatANameServerDecidesIsLoopback(String text) {
    assertThat(HeadAddress.parse(text).orElseThrow().isLoopback()).isFalse();
  }

  @Test
  void aListHasCommasBetween() {
    assertThat(HeadAddress.parseList("a, b:1").orElseThrow())
        .containsExactly(new HeadAddress("a", 5800), new HeadAddress("b", 1));
    assertThat(HeadAddress.parseList("a,,b")).isInstanceOf(Result.Refused.class);
  }
}
