package org.capataz.headnode.store;

import org.jspecify.annotations.Nullable;

/// The database cannot be opened, read or written; the message says why, in one line for the
/// administrator.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// What is to be done about it.
  private enum Kind {
    PASSING,
    IN_USE,
    LASTING
  }

  private final Kind kind;

  private StoreException(String message, Kind kind, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// Another head node has it.
  static StoreException inUse(String message, Throwable cause) {
    return new StoreException(message, Kind.IN_USE, cause);
  }

  /// What may go away by itself, such as a full disk.
  static StoreException passing(String message, @Nullable Throwable cause) {
    return new StoreException(message, Kind.PASSING, cause);
  }

  /// What somebody has to mend, such as a database of a newer version.
  static StoreException lasting(String message, @Nullable Throwable cause) {
    return new StoreException(message, Kind.LASTING, cause);
  }

  /// Whether it is worth opening the store again after a while.
  public boolean isPassing() {
    return kind != Kind.LASTING;
  }

  /// Whether another head node has the database.
  public boolean isInUse() {
    return kind == Kind.IN_USE;
  }
}
