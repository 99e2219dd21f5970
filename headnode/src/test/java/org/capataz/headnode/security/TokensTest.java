package org.capataz.headnode.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Optional;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

  @TempDir Path folder;

  private Token file(Token.Kind kind) {
    return TokenFiles.read(kind, folder.resolve(kind + ".token")).orElseThrow();
  }

  @Test
  void aTokenMakesItsHolderTheUserWhomItWasMadeFor() throws IOException {
    var tokens = Tokens.open(folder, Optional.empty());

    assertThat(tokens.principal(file(Token.Kind.CLIENT).bearer()))
        .contains(new Principal(System.getProperty("user.name"), Token.Kind.CLIENT, true));
    assertThat(tokens.principal(file(Token.Kind.NODE).bearer()))
        .map(Principal::kind)
        .contains(Token.Kind.NODE);
    assertThat(tokens.principal("guessed")).isEmpty();
    assertThat(tokens.principal("")).isEmpty();
  }

  @Test
  void tokensOutliveTheHeadNode() throws IOException {
    Tokens.open(folder, Optional.empty());
    var bearer = file(Token.Kind.CLIENT).bearer();

    assertThat(Tokens.open(folder, Optional.empty()).principal(bearer)).isPresent();
  }

  @Test
  void aTokenKeepsItsSecretWhenTheHeadNodeTurnsToTls() throws Exception {
    Tokens.open(folder, Optional.empty());
    var before = file(Token.Kind.NODE);
    var authority = Authority.open(folder.resolve("tls"), InstantSource.system()).certificate();

    Tokens.open(folder, Optional.of(authority));

    var after = file(Token.Kind.NODE);
    assertThat(after.bearer()).isEqualTo(before.bearer());
    assertThat(before.isPlain()).isTrue();
    assertThat(after.isPlain()).isFalse();
    assertThat(after.trusts(authority)).isTrue();
  }

  @Test
  void aTokenThatOthersMayReadStopsTheHeadNode() throws IOException {
    Tokens.open(folder, Optional.empty());
    var file = folder.resolve("client.token");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatIOException()
        .isThrownBy(() -> Tokens.open(folder, Optional.empty()))
        .withMessageContaining("chmod 600 " + file);
  }
}
