package org.capataz.jobsxml;

import org.capataz.model.Refusal;

/// Carries a refusal out of the depth of a file; it never leaves this package.
final class Refusing extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  Refusing(Position at, String message) {
    this(at.toString(), message);
  }

  Refusing(String place, String message) {
    super(message, null, false, false);
    refusal = Refusal.invalid(place + ": " + message);
  }

  Refusal refusal() {
    return refusal;
  }
}
