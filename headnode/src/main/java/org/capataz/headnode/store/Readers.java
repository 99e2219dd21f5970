package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/// Connections for queries, some of them at a time: a query never waits for a commit, and many
/// queries wait for one another.
final class Readers {

  interface Query<T> {
    T ask(Connection connection) throws SQLException;
  }

  private static final int MOST = 4;

  private final Database database;
  private final Semaphore permits = new Semaphore(MOST);
  private final ConcurrentLinkedQueue<Connection> idle = new ConcurrentLinkedQueue<>();

  Readers(Database database) {
    this.database = database;
  }

  /// Asks a query, on the calling thread.
  ///
  /// @throws StoreException if it fails
  <T> T ask(Query<T> query) {
    permits.acquireUninterruptibly();
    try {
      var pooled = idle.poll();
      var connection = pooled == null ? database.connect() : pooled;
      var answer = query.ask(connection);
      // A connection whose query failed is not used again, and ends with the database.
      idle.add(connection);
      return answer;
    } catch (SQLException failure) {
      throw database.explain(failure);
    } finally {
      permits.release();
    }
  }
}
