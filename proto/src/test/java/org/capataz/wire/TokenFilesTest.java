package org.capataz.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.capataz.model.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFilesTest {

  private static final HeadAddress HEAD = new HeadAddress("head", 5800);
  private static final HeadAddress OTHER = new HeadAddress("other", 5800);

  @TempDir Path home;

  private static Token token(Token.Kind kind) {
    return Token.create(kind, new SecureRandom());
  }

  private TokenFiles files() {
    return new TokenFiles(Map.of(), home);
  }

  private static String found(TokenFiles files, HeadAddress... heads) {
    return files.find(Token.Kind.CLIENT, List.of(heads)).orElseThrow().reveal();
  }

  private static String refusal(Result<Token> result) {
    return result instanceof Result.Refused<Token>(var refusal) ? refusal.message() : "";
  }

  @Test
  void aPublishedTokenIsFoundForItsHeadNodeAndForOthersThatHaveNone() throws IOException {
    var first = token(Token.Kind.CLIENT);
    var second = token(Token.Kind.CLIENT);

    files().publish(first, List.of(HEAD));
    files().publish(second, List.of(OTHER));

    assertThat(found(files(), HEAD)).isEqualTo(first.reveal());
    assertThat(found(files(), OTHER)).isEqualTo(second.reveal());
    assertThat(found(files(), new HeadAddress("third", 1))).isEqualTo(second.reveal());
  }

  @Test
  void aTokenFileIsForItsOwnerOnly() throws IOException {
    files().publish(token(Token.Kind.NODE), List.of(HEAD));

    var file = home.resolve(".config/capataz/heads/head_5800/node.token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileThatOthersMayReadIsRefusedWithWhatToDo() throws IOException {
    files().publish(token(Token.Kind.CLIENT), List.of());
    var file = home.resolve(".config/capataz/client.token");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThat(refusal(files().find(Token.Kind.CLIENT, List.of(HEAD))))
        .contains("expected that nobody but its owner may read " + file, "chmod 600 " + file);
  }

  @Test
  void theEnvironmentNamesAnotherFolderOrFile() throws IOException {
    var config = home.resolve("config");
    var elsewhere = new TokenFiles(Map.of("XDG_CONFIG_HOME", config.toString()), home);
    var published = token(Token.Kind.CLIENT);
    elsewhere.publish(published, List.of());
    var named = home.resolve("mine");
    var mine = token(Token.Kind.CLIENT);
    TokenFiles.write(named, mine);

    assertThat(found(elsewhere, HEAD)).isEqualTo(published.reveal());
    assertThat(
            found(
                new TokenFiles(
                    Map.of(
                        "XDG_CONFIG_HOME",
                        config.toString(),
                        "CAPATAZ_TOKEN_FILE",
                        named.toString()),
                    home),
                HEAD))
        .isEqualTo(mine.reveal());
  }

  @Test
  void aMissingTokenIsRefusedWithThePlaceWhereItShouldBe() {
    assertThat(refusal(files().find(Token.Kind.NODE, List.of(HEAD))))
        .contains(
            "expected a node token in " + home.resolve(".config/capataz/node.token"),
            "CAPATAZ_TOKEN_FILE");
  }

  @Test
  void aTokenOfTheOtherKindIsRefused() throws IOException {
    var file = home.resolve("t");
    TokenFiles.write(file, token(Token.Kind.NODE));

    assertThat(refusal(TokenFiles.read(Token.Kind.CLIENT, file)))
        .isEqualTo("expected a client token in " + file + ", but it is for a node");
  }

  @Test
  void theHomeDirectoryIsTheOneThatTheEnvironmentNames() {
    assertThat(Home.of(Map.of("HOME", home.toString()))).isEqualTo(home);
    assertThat(Home.of(Map.of())).isEqualTo(Path.of(System.getProperty("user.home")));
  }
}
