package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;

/// Takes away what is stored of jobs that are forgotten. What they held stays: it is the accounting
/// record.
final class Deletions {

  /// Rows of the journal that are taken away at once.
  private static final int ROWS = 256;

  private final BatchStatement job;
  private final BatchStatement drafts;
  private final BatchStatement checkpoints;
  private final BatchStatement ends;
  private final PreparedStatement oldestJob;
  private final PreparedStatement nextRows;
  private final PreparedStatement trimmed;
  private final PreparedStatement journal;
  private final PreparedStatement beginning;
  private final Set<Integer> deleted = new LinkedHashSet<>();

  Deletions(Connection connection) throws SQLException {
    job = new BatchStatement(connection, "DELETE FROM job WHERE id = ?");
    drafts = new BatchStatement(connection, "DELETE FROM job_draft WHERE id BETWEEN ? AND ?");
    checkpoints =
        new BatchStatement(connection, "DELETE FROM task_checkpoint WHERE id BETWEEN ? AND ?");
    ends = new BatchStatement(connection, "DELETE FROM ended WHERE id BETWEEN ? AND ?");
    oldestJob =
        connection.prepareStatement("SELECT sequence FROM job ORDER BY id FETCH FIRST 1 ROWS ONLY");
    nextRows =
        connection.prepareStatement(
            "SELECT sequence FROM journal ORDER BY sequence FETCH FIRST " + ROWS + " ROWS ONLY");
    trimmed =
        connection.prepareStatement(
            "SELECT sequence, body FROM journal WHERE sequence <= ? ORDER BY sequence");
    journal = connection.prepareStatement("DELETE FROM journal WHERE sequence <= ?");
    beginning = connection.prepareStatement("INSERT INTO journal VALUES (?, ?, ?, ?)");
  }

  void deleted(int id) {
    deleted.add(id);
  }

  boolean contains(int id) {
    return deleted.contains(id);
  }

  /// To be called when all other rows of a commit have been written.
  void write() throws SQLException {
    for (var id : deleted) {
      job.add(id);
      for (var table : new BatchStatement[] {drafts, checkpoints, ends}) {
        table.add(Keys.of(id, 0), Keys.of(id, Integer.MAX_VALUE));
      }
    }
    deleted.clear();
    job.executeWhereFound();
    drafts.executeWhereFound();
    checkpoints.executeWhereFound();
    ends.executeWhereFound();
  }

  /// Takes away the journal's oldest rows, as far as they tell only of what was before every job
  /// that there is. What they tell of nodes and settings becomes its [JournalBeginning].
  ///
  /// @param last the sequence number of the last record
  /// @return whether there may be more
  boolean trimJournal(long last) throws SQLException {
    var kept = last + 1;
    try (var rows = oldestJob.executeQuery()) {
      if (rows.next()) {
        kept = Math.min(kept, rows.getLong(1));
      }
    }
    var end = 0L;
    var found = 0;
    try (var rows = nextRows.executeQuery()) {
      // A row ends where the next one begins at the latest, and has so many records at most.
      while (rows.next() && rows.getLong(1) + JournalTable.RECORDS <= kept) {
        end = rows.getLong(1);
        found++;
      }
    }
    // The first of them may be where it begins already.
    if (found > 1) {
      trim(end);
    }
    return found == ROWS;
  }

  private void trim(long end) throws SQLException {
    var start = new JournalBeginning();
    trimmed.setLong(1, end);
    try (var rows = trimmed.executeQuery()) {
      while (rows.next()) {
        JournalCodec.read(Block.content(rows.getBytes(2)), rows.getLong(1)).forEach(start::add);
      }
    }
    journal.setLong(1, end);
    journal.executeUpdate();
    if (!start.isEmpty()) {
      beginning.setLong(1, end);
      beginning.setInt(2, Integer.MAX_VALUE);
      beginning.setInt(3, 0);
      beginning.setBytes(4, start.block(end));
      beginning.executeUpdate();
    }
  }
}
