package org.capataz.cli;

/// The exit codes that are promised in `docs/cli.md`. Those of failed requests are with
/// [org.capataz.client.CapatazException.Code].
final class ExitCode {

  static final int DONE = 0;

  /// The operation failed, or the job did.
  static final int FAILED = 1;

  /// Usage, or refused.
  static final int REFUSED = 2;

  /// The time to wait was over.
  static final int TIMED_OUT = 124;

  private ExitCode() {}
}
