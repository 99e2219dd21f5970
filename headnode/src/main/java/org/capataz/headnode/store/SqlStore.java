package org.capataz.headnode.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Stored;

/// The store in an SQL database. One connection writes; queries have others.
final class SqlStore implements Store {

  /// The row of the table `cluster`.
  private record Cluster(
      UUID id, String name, long epoch, Stored.Counters counters, long sequence) {}

  private final Database database;
  private final Readers readers;
  private final Connection connection;
  private final Cluster opened;
  private final StateWriter writer;
  private volatile long sequence;
  private boolean hasFailed;

  /// Opens the store in a database, and raises its epoch.
  ///
  /// @param name the cluster's, if the store is new
  /// @throws StoreException if it cannot be opened; the database is then closed
  static SqlStore open(Database database, String name) {
    try {
      return new SqlStore(database, name);
    } catch (SQLException | RuntimeException failure) {
      database.close();
      throw database.explain(failure);
    }
  }

  private SqlStore(Database database, String name) throws SQLException {
    this.database = database;
    readers = new Readers(database);
    connection = database.connect();
    connection.setAutoCommit(false);
    opened = raiseEpoch(name);
    sequence = opened.sequence;
    writer = new StateWriter(connection, opened.epoch);
    connection.commit();
    database.sync(connection);
  }

  /// Lets the store go on after a part of its past that it does not know: with an epoch and ids
  /// that cannot have been given out in that.
  ///
  /// @param lastEpoch higher than any that was
  /// @param lastJob at least the id of any job that was
  void skipTo(long lastEpoch, int lastJob) {
    try (var update =
        connection.prepareStatement("UPDATE cluster SET epoch = ?, last_job = ? WHERE id = 1")) {
      update.setLong(1, lastEpoch);
      update.setInt(2, lastJob);
      update.executeUpdate();
      connection.commit();
      database.sync(connection);
    } catch (SQLException failure) {
      throw database.explain(failure);
    }
  }

  /// Reads the rows that nothing else reads.
  ///
  /// @return how many there are
  long usages() {
    return readers.ask(
        reader -> {
          try (var statement = reader.createStatement();
              var row =
                  statement.executeQuery("SELECT COUNT(*), SUM(core_micros) FROM grant_usage")) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  private Cluster raiseEpoch(String name) throws SQLException {
    try (var statement = connection.createStatement()) {
      if (statement.executeUpdate("UPDATE cluster SET epoch = epoch + 1 WHERE id = 1") == 0) {
        var insert =
            new BatchStatement(
                connection, "INSERT INTO cluster VALUES (1, ?, ?, 1, 0, 0, 0, 0, 0)");
        insert.add(UUID.randomUUID(), name);
        insert.execute();
      }
      return readCluster(connection);
    }
  }

  private static Cluster readCluster(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT uuid, name, epoch, last_job, last_node, last_grant, last_order,"
                    + " last_sequence FROM cluster")) {
      row.next();
      var counters =
          new Stored.Counters(row.getInt(4), row.getInt(5), row.getLong(6), row.getLong(7));
      return new Cluster(
          row.getObject(1, UUID.class), row.getString(2), row.getLong(3), counters, row.getLong(8));
    }
  }

  @Override
  public UUID cluster() {
    return opened.id;
  }

  @Override
  public String clusterName() {
    return opened.name;
  }

  @Override
  public long epoch() {
    return opened.epoch;
  }

  @Override
  public long sequence() {
    return sequence;
  }

  @Override
  public Stored load() {
    return readers.ask(
        reader ->
            new Stored(
                readCluster(reader).counters,
                SettingsTable.read(reader),
                UsageTable.read(reader),
                NodeTable.read(reader),
                this::storedJobs));
  }

  private Iterator<Stored.StoredJob> storedJobs() {
    try {
      return new ReadAhead<>(new StoredJobs(database, this::draft));
    } catch (SQLException failure) {
      throw database.explain(failure);
    }
  }

  @Override
  public List<JournalRecord> commit(List<Event> events, ClusterState state) {
    var lasting = events.stream().filter(event -> !(event instanceof Event.Passing)).toList();
    if (lasting.isEmpty()) {
      return List.of();
    }
    if (hasFailed) {
      throw new IllegalStateException("expected a store that has not failed; open it anew");
    }
    var commit = new Commit();
    commit.begin();
    var records = JournalCodec.records(lasting, sequence + 1, opened.epoch);
    try {
      writer.write(lasting, records, state);
      connection.commit();
      database.sync(connection);
    } catch (SQLException | RuntimeException failure) {
      hasFailed = true;
      throw database.explain(failure);
    }
    sequence = records.getLast().sequence();
    commit.events = lasting.size();
    commit.records = records.size();
    commit.commit();
    return records;
  }

  @Override
  public boolean trimJournal() {
    try {
      var more = writer.trimJournal(sequence);
      // Nobody is told of it, so it need not be durable: what a crash brings back is trimmed anew.
      connection.commit();
      return more;
    } catch (SQLException | RuntimeException failure) {
      hasFailed = true;
      throw database.explain(failure);
    }
  }

  @Override
  public JobDraft draft(int job) {
    var parts = drafts(job);
    if (parts.isEmpty()) {
      throw new NoSuchElementException("job " + job);
    }
    return DraftPart.whole(parts);
  }

  /// What was written of a job, in the order in which it was.
  List<DraftPart> drafts(int job) {
    return readers.ask(reader -> DraftTable.read(reader, job));
  }

  @Override
  public List<JournalRecord> journal(long afterSequence, int job, int limit) {
    // Not further than what is durable: nobody may see more.
    var last = sequence;
    return readers.ask(reader -> new JournalReader(reader, job).read(afterSequence, last, limit));
  }

  @Override
  public Path copy() {
    try {
      return database.copy();
    } catch (SQLException | IOException | RuntimeException failure) {
      throw database.explain(failure);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
