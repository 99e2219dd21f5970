package org.capataz.headnode.store;

import org.jspecify.annotations.Nullable;

/// The database cannot be opened, read or written; the message says why, in one line for the
/// administrator.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean passing;

  private StoreException(String message, boolean passing, @Nullable Throwable cause) {
    super(message, cause);
    this.passing = passing;
  }

  /// What may go away by itself, such as a full disk.
  static StoreException passing(String message, @Nullable Throwable cause) {
    return new StoreException(message, true, cause);
  }

  /// What somebody has to mend, such as a database of a newer version.
  static StoreException lasting(String message, @Nullable Throwable cause) {
    return new StoreException(message, false, cause);
  }

  /// Whether it is worth opening the store again after a while.
  public boolean isPassing() {
    return passing;
  }
}
