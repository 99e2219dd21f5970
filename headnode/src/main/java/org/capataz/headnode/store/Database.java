package org.capataz.headnode.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/// What differs from one database to another.
interface Database {

  /// A connection to the database with its schema up to date; several may be in use at a time.
  Connection connect() throws SQLException;

  /// Lets the queries of a connection hand their rows on while they find them, so that large
  /// results need no memory; one query at a time.
  void stream(Connection connection) throws SQLException;

  /// Makes what was committed survive a power cut.
  ///
  /// @param connection the one that committed, in no transaction
  void sync(Connection connection) throws SQLException;

  /// Copies the database, as it is at some moment of the call, while it is being used.
  ///
  /// @return the copy, a file of its own that the caller deletes
  Path copy() throws SQLException, IOException;

  /// What a failure means to an administrator.
  StoreException explain(Exception failure);

  /// Lets go of the database, as if the process had been killed: it writes nothing any more.
  void close();
}
