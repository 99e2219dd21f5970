package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A statement that a commit executes for many rows at once.
final class BatchStatement {
  private final String sql;
  private final PreparedStatement statement;
  private int pending;

  BatchStatement(Connection connection, String sql) throws SQLException {
    this.sql = sql;
    this.statement = connection.prepareStatement(sql);
  }

  /// Adds a row, by the values of the statement's parameters.
  void add(@Nullable Object... values) throws SQLException {
    for (var i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    statement.addBatch();
    pending++;
  }

  /// Changes all rows that were added.
  ///
  /// @throws IllegalStateException if one of them does not exist
  void execute() throws SQLException {
    if (Arrays.stream(counts()).anyMatch(count -> count == 0)) {
      throw new IllegalStateException("expected to find each row, but not so: " + sql);
    }
  }

  /// Changes those that exist of the rows that were added.
  void executeWhereFound() throws SQLException {
    counts();
  }

  private int[] counts() throws SQLException {
    if (pending == 0) {
      return new int[0];
    }
    pending = 0;
    return statement.executeBatch();
  }
}
