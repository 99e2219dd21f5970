package org.capataz.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Why a request was not carried out. The message is one line for the person who asked: what was
/// expected, what came, and what to do where that is not obvious.
public final class CapatazException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// What kind of failure it is.
  public enum Code {
    /// Something broke on the way or on the head node.
    FAILED(1),
    /// Malformed, impossible for this cluster, or out of turn.
    REFUSED(2),
    /// No such job, task, instance or node.
    NOT_FOUND(3),
    /// The head node does not accept the token, or its owner may not do this.
    NOT_ALLOWED(4),
    /// No head node answered in time, or none could write. Whether a change was made is unknown; a
    /// submission is repeated safely under the same request id.
    UNREACHABLE(5);

    private final int exitCode;

    Code(int exitCode) {
      this.exitCode = exitCode;
    }

    /// The exit code with which the command line reports it.
    public int exitCode() {
      return exitCode;
    }
  }

  private final Code code;

  public CapatazException(Code code, String message) {
    this(code, message, null);
  }

  public CapatazException(Code code, String message, @Nullable Throwable cause) {
    super(message.replace('\n', ' ').replace('\r', ' '), cause);
    this.code = Objects.requireNonNull(code);
  }

  public Code code() {
    return code;
  }
}
