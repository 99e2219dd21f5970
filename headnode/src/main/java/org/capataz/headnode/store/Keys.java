package org.capataz.headnode.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Keys of the rows that belong to a job: the job in the upper half, a number within it in the
/// lower, so that a job's rows lie together.
final class Keys {

  private Keys() {}

  static long of(int job, int number) {
    return ((long) job << 32) | number;
  }

  static int job(long key) {
    return (int) (key >>> 32);
  }

  static int number(long key) {
    return (int) key;
  }

  /// The highest key of a job, as if it had number 0 if it has none.
  ///
  /// @param selectMax selects the highest key between two
  static long last(PreparedStatement selectMax, int job) throws SQLException {
    selectMax.setLong(1, of(job, 0));
    selectMax.setLong(2, of(job, Integer.MAX_VALUE));
    try (var rows = selectMax.executeQuery()) {
      rows.next();
      return Math.max(rows.getLong(1), of(job, 0));
    }
  }
}
