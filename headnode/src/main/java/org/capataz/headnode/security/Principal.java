package org.capataz.headnode.security;

import io.grpc.Context;
import java.util.Optional;
import org.capataz.wire.Token;

/// Who is asking, as their token says and never as a request says.
///
/// @param user the operating system's name of whom the token was made for
/// @param kind what the token is for
/// @param administrator whether they may decide for the whole cluster: who has the client token of
///   the user that runs the head node
public record Principal(String user, Token.Kind kind, boolean administrator) {

  private static final Context.Key<Principal> KEY = Context.key("principal");

  /// Who makes the call that this thread is serving.
  ///
  /// @throws IllegalStateException outside a call that the [Doorkeeper] let through
  public static Principal current() {
    var principal = KEY.get();
    if (principal == null) {
      throw new IllegalStateException("expected a call by somebody, but nobody is calling");
    }
    return principal;
  }

  /// Who makes the call that this thread is serving; empty if they have shown no token, or outside
  /// a call.
  static Optional<Principal> ifKnown() {
    return Optional.ofNullable(KEY.get());
  }

  /// A context in which this one is asking.
  public Context asking() {
    return Context.current().withValue(KEY, this);
  }
}
