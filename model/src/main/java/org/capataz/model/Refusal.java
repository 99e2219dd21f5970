package org.capataz.model;

import java.util.Objects;

/// Why a request was not carried out although nothing is broken: the caller asked for something
/// that is malformed, impossible, unknown, forbidden or out of turn.
///
/// A refusal is a value, never thrown inside the pure core. Its message follows one grammar,
/// "expected …, but …", fits on one line and says what to do where that is not obvious.
///
/// @param code what kind of refusal it is; each has one exit code and one gRPC status
/// @param message one line for the person who asked
public record Refusal(Code code, String message) {

  /// The kinds of refusal. The exit codes that they lead to are the documented ones of the command
  /// line.
  public enum Code {
    /// Malformed or contradictory input.
    INVALID,
    /// More than the cluster could ever give.
    UNSATISFIABLE,
    /// No such job, task, instance or node.
    NOT_FOUND,
    /// The caller may not do this.
    NOT_ALLOWED,
    /// Legal in another state of the object, but not in this one.
    WRONG_STATE
  }

  public Refusal {
    Objects.requireNonNull(code);
    message = message.replace('\n', ' ').replace('\r', ' ');
  }

  public static Refusal invalid(String message) {
    return new Refusal(Code.INVALID, message);
  }

  public static Refusal unsatisfiable(String message) {
    return new Refusal(Code.UNSATISFIABLE, message);
  }

  public static Refusal notFound(String message) {
    return new Refusal(Code.NOT_FOUND, message);
  }

  public static Refusal wrongState(String message) {
    return new Refusal(Code.WRONG_STATE, message);
  }

  /// The same refusal, saying first where it arose: `task 3: expected …`.
  public Refusal in(String place) {
    return new Refusal(code, place + ": " + message);
  }
}
