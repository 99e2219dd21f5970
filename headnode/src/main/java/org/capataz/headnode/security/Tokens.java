package org.capataz.headnode.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.capataz.model.Result;
import org.capataz.wire.HeadAddress;
import org.capataz.wire.PrivateFiles;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;

/// The tokens that a head node accepts, made at its first start and kept in files of mode 0600:
/// `client.token`, `node.token`, and `user`, the name of whom the client token was made for.
///
/// To make new ones, stop the head node, delete the files, and start it again.
public final class Tokens {

  private final List<Token> accepted;
  private final String user;

  private Tokens(List<Token> accepted, String user) {
    this.accepted = accepted;
    this.user = user;
  }

  /// Reads the tokens of a head node, making what is missing.
  ///
  /// @param authority that the head node's certificate comes from; empty without TLS. The files are
  ///   rewritten where they name another
  /// @throws IOException if a file cannot be read or written, or is not a private token file
  static Tokens open(Path folder, Optional<X509Certificate> authority) throws IOException {
    PrivateFiles.createDirectories(folder);
    var userFile = folder.resolve("user");
    if (!Files.exists(userFile)) {
      PrivateFiles.write(
          userFile, System.getProperty("user.name").getBytes(StandardCharsets.UTF_8));
    }
    var user = new String(accepted(PrivateFiles.read(userFile)), StandardCharsets.UTF_8).strip();
    return new Tokens(
        List.of(
            open(folder, Token.Kind.CLIENT, authority), open(folder, Token.Kind.NODE, authority)),
        user);
  }

  private static Token open(Path folder, Token.Kind kind, Optional<X509Certificate> authority)
      throws IOException {
    var file = folder.resolve(kind + ".token");
    var found = Files.exists(file);
    var kept =
        found ? accepted(TokenFiles.read(kind, file)) : Token.create(kind, new SecureRandom());
    var token = authority.map(kept::withAuthority).orElseGet(kept::withoutAuthority);
    if (!found || !token.reveal().equals(kept.reveal())) {
      TokenFiles.write(file, token);
    }
    return token;
  }

  private static <T> T accepted(Result<T> read) throws IOException {
    return switch (read) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T>(var refusal) -> throw new IOException(refusal.message());
    };
  }

  /// Who presents this secret, if anybody.
  Optional<Principal> principal(String presented) {
    Optional<Principal> found = Optional.empty();
    for (var token : accepted) {
      if (token.isBearer(presented)) {
        found = Optional.of(new Principal(user, token.kind(), token.kind() == Token.Kind.CLIENT));
      }
    }
    return found;
  }

  /// Puts the tokens where the commands of the user who runs the head node find them.
  void publish(TokenFiles files, Collection<HeadAddress> heads) throws IOException {
    for (var token : accepted) {
      files.publish(token, heads);
    }
  }
}
