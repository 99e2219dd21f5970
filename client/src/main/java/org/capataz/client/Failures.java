package org.capataz.client;

import io.grpc.Status;
import io.grpc.StatusException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.Set;
import org.capataz.client.CapatazException.Code;
import org.capataz.model.Refusal;
import org.capataz.wire.Overload;
import org.jspecify.annotations.Nullable;

/// What went wrong, in the terms of this API.
final class Failures {

  /// How gRPC's own descriptions of a lost connection are known.
  private static final Set<String> TRANSPORT =
      Set.of("io exception", "GOAWAY", "Network closed", "Keepalive failed", "end of stream");

  private Failures() {}

  static CapatazException of(Refusal refusal) {
    return new CapatazException(
        switch (refusal.code()) {
          case INVALID, UNSATISFIABLE, WRONG_STATE -> Code.REFUSED;
          case NOT_FOUND -> Code.NOT_FOUND;
          case NOT_ALLOWED -> Code.NOT_ALLOWED;
        },
        refusal.message());
  }

  /// Whether the head node has too much to do, so that the same request may succeed later.
  static boolean isBusy(StatusException failure) {
    return Overload.isReason(failure.getTrailers());
  }

  /// Whether the same request may succeed later: no head node answered, or none could write. A head
  /// node that stops cancels what it has not answered.
  static boolean isPassing(StatusException failure) {
    return switch (code(failure)) {
      case UNAVAILABLE -> untrusted(failure) == null;
      case CANCELLED -> true;
      default -> false;
    };
  }

  /// As gRPC says it, but for a connection that was lost: it does not know why if that was while it
  /// was encrypting.
  private static Status.Code code(StatusException failure) {
    return failure.getStatus().getCause() instanceof ClosedChannelException
        ? Status.Code.UNAVAILABLE
        : failure.getStatus().getCode();
  }

  static CapatazException of(StatusException failure, Heads heads) {
    var status = failure.getStatus();
    var untrusted = untrusted(failure);
    if (untrusted != null) {
      return new CapatazException(
          Code.NOT_ALLOWED,
          untrusted.getMessage()
              + " at "
              + heads
              + "; copy the token again from the head node that you trust",
          failure);
    }
    var said = status.getDescription() == null ? status.getCode().name() : status.getDescription();
    return switch (code(failure)) {
      case INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          ALREADY_EXISTS,
          RESOURCE_EXHAUSTED ->
          new CapatazException(Code.REFUSED, said, failure);
      case NOT_FOUND -> new CapatazException(Code.NOT_FOUND, said, failure);
      case PERMISSION_DENIED, UNAUTHENTICATED ->
          new CapatazException(Code.NOT_ALLOWED, said, failure);
      case UNAVAILABLE ->
          new CapatazException(Code.UNREACHABLE, unreachable(failure, said, heads), failure);
      case DEADLINE_EXCEEDED -> silent(heads);
      case UNIMPLEMENTED ->
          new CapatazException(
              Code.FAILED,
              "expected a head node of this version at " + heads + ", but it does not know this",
              failure);
      case OK, CANCELLED, UNKNOWN, INTERNAL, ABORTED, DATA_LOSS ->
          new CapatazException(Code.FAILED, "the head node at " + heads + " failed: " + said);
    };
  }

  /// What the head node says if it is one who says it, and else that there is none: what the
  /// transport says helps nobody.
  private static String unreachable(StatusException failure, String said, Heads heads) {
    return failure.getStatus().getCause() == null && !isTransport(said)
        ? said
        : nobodyAt(heads.toString());
  }

  static String nobodyAt(String heads) {
    return "expected a head node at " + heads + ", but none answers; is it running?";
  }

  /// A head node that was reached and says nothing.
  static CapatazException silent(Heads heads) {
    return new CapatazException(
        Code.UNREACHABLE,
        "expected an answer from the head node at " + heads + ", but none came in time");
  }

  private static boolean isTransport(String said) {
    return TRANSPORT.stream().anyMatch(said::contains);
  }

  private static @Nullable CertificateException untrusted(StatusException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException untrusted) {
        return untrusted;
      }
    }
    return null;
  }

  /// A wait that somebody ended from outside; the thread stays interrupted.
  static CapatazException interrupted(InterruptedException interruption) {
    Thread.currentThread().interrupt();
    return new CapatazException(Code.FAILED, "interrupted while waiting", interruption);
  }
}
