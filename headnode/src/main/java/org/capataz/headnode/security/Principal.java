package org.capataz.headnode.security;

import io.grpc.Context;
import org.capataz.wire.Token;

/// Who is asking, as their token says and never as a request says.
///
/// @param user the operating system's name of whom the token was made for
/// @param kind what the token is for
public record Principal(String user, Token.Kind kind) {

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

  /// A context in which this one is asking.
  Context asking() {
    return Context.current().withValue(KEY, this);
  }
}
