package org.capataz.headnode.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.capataz.wire.PrivateFiles;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;
import org.jspecify.annotations.Nullable;

/// An H2 database in a directory of its own. All that is particular to H2 is here.
public final class EmbeddedDatabase implements Database {

  private static final String NAME = "capataz";

  /// The database's file in its directory.
  static final String FILE = NAME + ".mv.db";

  private static final String COPY = "copy-";
  private static final int COPIED_AT_ONCE = 1 << 20;

  /// - RETENTION_TIME: H2 keeps replaced data for 45 s by default, and small commits would fill the
  ///   disk at some tens of kilobytes each. [SyncPoints] keeps what matters.
  /// - AUTO_COMPACT_FILL_RATE: H2 does not tidy the file up by itself; [SyncPoints] does.
  /// - COMPRESS: rows are much alike, and pages become as large as is worth to compress.
  /// - MAX_LENGTH_INPLACE_LOB: bytes up to which a BLOB is part of its row.
  /// - The database is closed by [#close], and not by H2 when it thinks fit.
  private static final String SETTINGS =
      ";RETENTION_TIME=0;AUTO_COMPACT_FILL_RATE=0;COMPRESS=TRUE"
          + ";MAX_LENGTH_INPLACE_LOB=65536;CACHE_SIZE=32768"
          + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE"
          + ";TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0";

  /// The file system of H2 that opens the file again after a thread was interrupted while it read,
  /// which closes the file for all.
  static final String FILE_SYSTEM = "retry:";

  /// The version of the last migration in the folder `schema`.
  static final String SCHEMA = "1";

  private final Path directory;
  private final JdbcDataSource source = new JdbcDataSource();
  private final SyncPoints syncPoints = new SyncPoints();

  /// Opens the database, which is made where there is none, and brings its schema up to date.
  ///
  /// @param fileSystem the prefix of one of H2's file systems
  EmbeddedDatabase(Path directory, String fileSystem) {
    this.directory = directory;
    OrderedFiles.register();
    var file = directory.toAbsolutePath().resolve(NAME);
    source.setURL("jdbc:h2:" + OrderedFiles.PREFIX + fileSystem + file + SETTINGS);
    source.setUser("capataz");
    source.setPassword("");
    try {
      makeFiles();
      try (var connection = connect()) {
        syncPoints.opened(storeOf(connection));
      }
      if (!isUpToDate()) {
        migrate();
      }
    } catch (SQLException | RuntimeException failure) {
      close();
      throw explain(failure);
    }
  }

  /// Opens the store in a directory, makes both where there are none, and brings the schema up to
  /// date.
  ///
  /// @param clusterName what people are to call the cluster, if the store is new
  /// @throws StoreException if it cannot be opened, which includes that another head node uses it
  public static Store open(Path directory, String clusterName) {
    return SqlStore.open(new EmbeddedDatabase(directory, FILE_SYSTEM), clusterName);
  }

  /// Opens a store again that was there before. It is not made anew where it is gone, as when its
  /// disk is not mounted: an empty queue in its place would be worse than none.
  public static Store reopen(Path directory) {
    var file = directory.resolve(FILE);
    if (Files.notExists(file)) {
      throw StoreException.passing(
          "expected the database " + file + ", but it is gone; is its disk mounted?", null);
    }
    return open(directory, "");
  }

  /// Makes the directory and the file, so that nobody else may read them.
  private void makeFiles() {
    var file = directory.resolve(FILE);
    try {
      PrivateFiles.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      if (Files.notExists(file)) {
        var ownerOnly = PosixFilePermissions.fromString("rw-------");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
      }
      // Of a process that was killed while it copied.
      try (var left = Files.newDirectoryStream(directory, COPY + "*")) {
        for (var copy : left) {
          Files.delete(copy);
        }
      }
    } catch (IOException failure) {
      throw StoreException.passing(
          "expected to make the database " + file + ", but " + failure, failure);
    }
  }

  /// Whether the last migration that there is has been made, and none after it. Flyway knows too,
  /// but takes as long to say so as it takes to open the database.
  private boolean isUpToDate() {
    try (var connection = connect();
        var statement = connection.createStatement();
        var last =
            statement.executeQuery(
                "SELECT \"version\", \"success\" FROM \"flyway_schema_history\""
                    + " ORDER BY \"installed_rank\" DESC FETCH FIRST ROW ONLY")) {
      return last.next() && last.getString(1).equals(SCHEMA) && last.getBoolean(2);
    } catch (SQLException unknown) {
      // There is none yet, or Flyway says what is wrong.
      return false;
    }
  }

  private void migrate() {
    var flyway =
        Flyway.configure()
            .dataSource(source)
            .locations("classpath:org/capataz/headnode/store/schema")
            .placeholders(Map.of("bytes", "BLOB"))
            .load();
    var isNewer =
        Arrays.stream(flyway.info().all())
            .anyMatch(
                migration ->
                    migration.getState() == MigrationState.FUTURE_SUCCESS
                        || migration.getState() == MigrationState.FUTURE_FAILED);
    if (isNewer) {
      throw StoreException.lasting(
          "expected a database of this version of Capataz or an older one, but "
              + directory
              + " was used by a newer one; start that one, or choose another --data",
          null);
    }
    flyway.migrate();
  }

  @Override
  public Connection connect() throws SQLException {
    return source.getConnection();
  }

  @Override
  public void stream(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SET LAZY_QUERY_EXECUTION TRUE");
    }
  }

  @Override
  public void sync(Connection connection) throws SQLException {
    syncPoints.sync(storeOf(connection));
  }

  @Override
  public Path copy() throws SQLException, IOException {
    var copy = Files.createTempFile(directory, COPY, ".tmp");
    try (var connection = connect();
        var out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      copy(storeOf(connection), out);
      return copy;
    } catch (SQLException | IOException | RuntimeException failure) {
      Files.delete(copy);
      throw failure;
    }
  }

  /// Copies the file with the header that it has when nothing is being written. Chunks that come
  /// later, the copy may have; nothing points to them. It is read where H2 reads: a channel of our
  /// own, once closed, would let go of the file's lock.
  private void copy(MVStore store, FileChannel out) throws IOException {
    var file = (SingleFileStore) store.getFileStore();
    var header = ByteBuffer.allocate(OrderedFiles.HEADER);
    var size = new AtomicLong();
    syncPoints.copy(
        store,
        () -> {
          header.put(file.readFully((SFChunk) null, 0, OrderedFiles.HEADER)).flip();
          size.set(file.size());
        },
        () -> {
          writeAll(out, header);
          for (long at = OrderedFiles.HEADER; at < size.get(); at += COPIED_AT_ONCE) {
            var length = (int) Math.min(COPIED_AT_ONCE, size.get() - at);
            writeAll(out, file.readFully((SFChunk) null, at, length));
          }
        });
  }

  private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static MVStore storeOf(Connection connection) throws SQLException {
    var session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
    return session.getDatabase().getStore().getMvStore();
  }

  @Override
  public StoreException explain(Exception failure) {
    if (failure instanceof StoreException explained) {
      return explained;
    }
    var sql = sqlFailure(failure);
    if (sql != null && sql.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
      return StoreException.inUse(
          "expected the database "
              + directory
              + " for this head node alone, but another one uses it; stop that one, or choose"
              + " another --data",
          failure);
    }
    var message = "expected to use the database " + directory + ", but " + reason(failure);
    var corrupted = sql != null && sql.getErrorCode() == ErrorCode.FILE_CORRUPTED_1;
    var otherSchema = sql == null && failure instanceof FlywayException;
    return corrupted || otherSchema
        ? StoreException.lasting(message, failure)
        : StoreException.passing(message, failure);
  }

  private static @Nullable SQLException sqlFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  /// The first line of the innermost message: H2's own quote whole statements.
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause().getMessage() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }

  /// All that was synced is in the file; H2 would only rearrange it.
  @Override
  public void close() {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN IMMEDIATELY");
    } catch (SQLException failure) {
      // It could not be opened, or has closed itself after a failure.
    }
  }
}
