package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The journal's end. Its latest row is written anew with each commit until it is full, as
/// [EndedTable] does.
final class JournalTable {

  /// The most records of a row: a reader who looks for a record finds its row among so many keys.
  static final int RECORDS = 512;

  /// Bytes of content at which a row is full.
  private static final int FULL = 8192;

  private final BatchStatement insert;
  private final BatchStatement update;
  private long sequence;
  private boolean stored;
  private PackedWriter content = new PackedWriter();
  private int records;
  private long time;
  private int lowestJob;
  private int highestJob;

  JournalTable(Connection connection) throws SQLException {
    insert =
        new BatchStatement(
            connection,
            "INSERT INTO journal (lowest_job, highest_job, body, sequence) VALUES (?, ?, ?, ?)");
    update =
        new BatchStatement(
            connection,
            "UPDATE journal SET lowest_job = ?, highest_job = ?, body = ? WHERE sequence = ?");
  }

  void write(List<JournalRecord> added) throws SQLException {
    for (var record : added) {
      if (records == 0) {
        sequence = record.sequence();
        lowestJob = Integer.MAX_VALUE;
        highestJob = 0;
      }
      JournalCodec.write(content, record, time);
      time = record.time();
      records++;
      if (record.job() != 0) {
        lowestJob = Math.min(lowestJob, record.job());
        highestJob = Math.max(highestJob, record.job());
      }
      if (records == RECORDS || content.length() >= FULL) {
        put(Block.compressed(content.toBytes()));
        content = new PackedWriter();
        records = 0;
        time = 0;
        stored = false;
      }
    }
    if (records > 0) {
      put(Block.plain(content.toBytes()));
    }
    insert.execute();
    update.execute();
  }

  private void put(byte[] body) throws SQLException {
    if (!stored) {
      insert.add(lowestJob, highestJob, Block.room(), sequence);
    }
    update.add(lowestJob, highestJob, body, sequence);
    stored = true;
  }
}
