package org.capataz.headnode.security;

import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.util.Objects;
import java.util.Optional;
import org.capataz.proto.v1.NodeLinkGrpc;
import org.capataz.wire.HeadChannel;
import org.capataz.wire.Token;

/// Lets no call through without the right token: a node's for [NodeLinkGrpc], a client's for all
/// else but the health service, which is open. Who is refused is refused before the request message
/// is read; who is let through is [Principal#current] for the call.
final class Doorkeeper implements ServerInterceptor {

  private final Tokens tokens;
  private final Crowd crowd;

  /// @param crowd is told who shows a token and who does not
  Doorkeeper(Tokens tokens, Crowd crowd) {
    this.tokens = tokens;
    this.crowd = crowd;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    var service = Objects.requireNonNullElse(call.getMethodDescriptor().getServiceName(), "");
    if (service.equals(HealthGrpc.SERVICE_NAME)) {
      return next.startCall(call, headers);
    }
    var wanted = service.equals(NodeLinkGrpc.SERVICE_NAME) ? Token.Kind.NODE : Token.Kind.CLIENT;
    var presented = bearer(headers);
    var principal = presented.flatMap(tokens::principal);
    if (principal.isPresent() && principal.get().kind() == wanted) {
      crowd.know(call);
      return Contexts.interceptCall(principal.get().asking(), call, headers, next);
    }
    var came =
        principal.isPresent()
            ? "this is its " + principal.get().kind() + " token"
            : presented.isPresent() ? "this is not it" : "there is none";
    crowd.refused(call);
    call.close(
        Status.UNAUTHENTICATED.withDescription(
            "expected the "
                + wanted
                + " token of this head node, but "
                + came
                + "; copy "
                + wanted
                + ".token again from the folder tokens of its data"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static Optional<String> bearer(Metadata headers) {
    return Optional.ofNullable(headers.get(HeadChannel.AUTHORIZATION))
        .filter(value -> value.startsWith(HeadChannel.BEARER))
        .map(value -> value.substring(HeadChannel.BEARER.length()));
  }
}
