package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Reads the journal, some rows at a time.
final class JournalReader {

  /// Rows of one query.
  private static final int ROWS = 16;

  private final Connection connection;
  private final int job;

  /// @param job whose records to read, 0 for all
  JournalReader(Connection connection, int job) {
    this.connection = connection;
    this.job = job;
  }

  /// Reads records with a sequence number above `after` and up to `last`.
  List<JournalRecord> read(long after, long last, int limit) throws SQLException {
    var known = job == 0 ? after : Math.max(after, sequenceBeforeJob());
    // The row that holds the next record may begin before it.
    var row = known - JournalTable.RECORDS;
    var found = new ArrayList<JournalRecord>();
    try (var statement =
        connection.prepareStatement(
            "SELECT sequence, body FROM journal"
                + " WHERE sequence > ? AND lowest_job <= ? AND highest_job >= ?"
                + " ORDER BY sequence FETCH FIRST "
                + ROWS
                + " ROWS ONLY")) {
      for (var rows = ROWS; rows == ROWS && found.size() < limit; ) {
        statement.setLong(1, row);
        statement.setInt(2, job == 0 ? Integer.MAX_VALUE : job);
        statement.setInt(3, job);
        rows = 0;
        try (var result = statement.executeQuery()) {
          for (; result.next(); rows++) {
            row = result.getLong(1);
            for (var record : JournalCodec.read(Block.content(result.getBytes(2)), row)) {
              if (record.sequence() > known
                  && record.sequence() <= last
                  && (job == 0 || record.job() == job)) {
                found.add(record);
              }
            }
          }
        }
      }
    }
    return List.copyOf(found.subList(0, Math.min(found.size(), limit)));
  }

  private long sequenceBeforeJob() throws SQLException {
    try (var statement = connection.prepareStatement("SELECT sequence FROM job WHERE id = ?")) {
      statement.setInt(1, job);
      try (var result = statement.executeQuery()) {
        return result.next() ? result.getLong(1) - 1 : 0;
      }
    }
  }
}
