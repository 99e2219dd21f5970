package org.capataz.headnode.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> NAMES = List.of("head", "10.0.0.1", "::1");

  @TempDir Path folder;

  private Authority authority(Duration later) throws Exception {
    return Authority.open(folder, InstantSource.fixed(START.plus(later)));
  }

  @Test
  void theAuthorityStays() throws Exception {
    var first = authority(Duration.ZERO).certificate();

    assertThat(authority(Duration.ofDays(5000)).certificate()).isEqualTo(first);
  }

  @Test
  void noTwoAuthoritiesBearOneName(@TempDir Path other) throws Exception {
    var one = authority(Duration.ZERO).certificate();
    var two = Authority.open(other, InstantSource.fixed(START)).certificate();

    assertThat(one.getSubjectX500Principal()).isNotEqualTo(two.getSubjectX500Principal());
  }

  @Test
  void theServersCertificateStaysWhileItIsGood() throws Exception {
    var first = authority(Duration.ZERO).server(folder, NAMES);
    var again = authority(Duration.ofDays(365)).server(folder, NAMES);

    assertThat(again.certificate()).isEqualTo(first.certificate());
    again.certificate().verify(authority(Duration.ZERO).certificate().getPublicKey());
  }

  @Test
  void theServersCertificateIsRenewedBeforeItsEnd() throws Exception {
    var first = authority(Duration.ZERO).server(folder, NAMES);
    var later = Duration.ofDays(2 * 365 + 1);
    var renewed = authority(later).server(folder, NAMES);

    assertThat(renewed.certificate()).isNotEqualTo(first.certificate());
    assertThat(renewed.certificate().getNotAfter())
        .isAfter(Date.from(START.plus(later).plus(Duration.ofDays(1000))));
  }

  @Test
  void aNameOfDigitsIsANameAndAnAddressIsOne() throws Exception {
    var server = authority(Duration.ZERO).server(folder, List.of("10", "192.0.2.7"));

    assertThat(server.certificate().getSubjectAlternativeNames())
        .extracting(name -> name.get(1))
        .isEqualTo(List.of("10", "192.0.2.7"));
  }

  @Test
  void theServersCertificateIsRenewedForOtherNames() throws Exception {
    var first = authority(Duration.ZERO).server(folder, NAMES);
    var renamed = authority(Duration.ZERO).server(folder, List.of("head2"));

    assertThat(renamed.certificate()).isNotEqualTo(first.certificate());
    assertThat(renamed.certificate().getSubjectAlternativeNames())
        .extracting(name -> name.get(1))
        .isEqualTo(List.of("head2"));
  }

  @Test
  void keysAreForTheirOwnerOnly() throws Exception {
    authority(Duration.ZERO).server(folder, NAMES);

    for (var name : List.of("ca.key", "ca.crt", "server.key", "server.crt")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
  }
}
