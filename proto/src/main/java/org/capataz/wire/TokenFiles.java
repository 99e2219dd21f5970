package org.capataz.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capataz.model.Refusal;
import org.capataz.model.Result;

/// Where a user's tokens are: the file that the environment variable `CAPATAZ_TOKEN_FILE` names, or
/// else, in the folder `capataz` of `$XDG_CONFIG_HOME` (`~/.config` where that is unset),
/// `heads/HOST_PORT/KIND.token` for one head node and `KIND.token` for any.
public final class TokenFiles {

  private static final String VARIABLE = "CAPATAZ_TOKEN_FILE";

  private final Optional<Path> named;
  private final Path folder;

  /// @param environment of the process
  /// @param home the user's home directory
  public TokenFiles(Map<String, String> environment, Path home) {
    this.named = given(environment, VARIABLE);
    this.folder =
        given(environment, "XDG_CONFIG_HOME")
            .filter(Path::isAbsolute)
            .orElseGet(() -> home.resolve(".config"))
            .resolve("capataz");
  }

  /// Those of the user who runs this process.
  public static TokenFiles ofUser() {
    return new TokenFiles(System.getenv(), Home.ofUser());
  }

  private static Optional<Path> given(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(path -> !path.isBlank())
        .map(Path::of);
  }

  /// Finds the token for one of a cluster's head nodes.
  public Result<Token> find(Token.Kind kind, Collection<HeadAddress> heads) {
    var places = places(kind, heads);
    for (var place : places) {
      if (Files.exists(place)) {
        return read(kind, place);
      }
    }
    return Result.refused(
        new Refusal(
            Refusal.Code.NOT_ALLOWED,
            "expected a "
                + kind
                + " token in "
                + places.getLast()
                + ", but there is none; copy it from the head node's folder tokens, or name the"
                + " file in "
                + VARIABLE));
  }

  private List<Path> places(Token.Kind kind, Collection<HeadAddress> heads) {
    if (named.isPresent()) {
      return List.of(named.get());
    }
    var places = new ArrayList<Path>();
    heads.forEach(head -> places.add(folder(head).resolve(name(kind))));
    places.add(folder.resolve(name(kind)));
    return places;
  }

  private Path folder(HeadAddress head) {
    return folder.resolve("heads").resolve(head.host() + "_" + head.port());
  }

  private static String name(Token.Kind kind) {
    return kind + ".token";
  }

  /// Reads a token file of this kind.
  public static Result<Token> read(Token.Kind kind, Path file) {
    Result<byte[]> content;
    try {
      content = PrivateFiles.read(file);
    } catch (IOException unreadable) {
      return Result.invalid("expected a readable file " + file + ", but: " + unreadable);
    }
    return content
        .then(bytes -> Token.parse(new String(bytes, StandardCharsets.UTF_8)).in(file.toString()))
        .then(
            token ->
                token.kind() == kind
                    ? Result.ok(token)
                    : Result.refused(
                        new Refusal(
                            Refusal.Code.NOT_ALLOWED,
                            "expected a "
                                + kind
                                + " token in "
                                + file
                                + ", but it is for a "
                                + token.kind())));
  }

  /// Writes a token file.
  public static void write(Path file, Token token) throws IOException {
    PrivateFiles.write(file, (token.reveal() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// Puts a token where this user's commands find it, for these addresses and for any other that
  /// has none of its own.
  public void publish(Token token, Collection<HeadAddress> heads) throws IOException {
    for (var head : heads) {
      publish(token, folder(head));
    }
    publish(token, folder);
  }

  private static void publish(Token token, Path folder) throws IOException {
    PrivateFiles.createDirectories(folder);
    write(folder.resolve(name(token.kind())), token);
  }
}
