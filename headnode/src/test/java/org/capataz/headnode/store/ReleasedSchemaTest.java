package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases as released versions have left them, which are never changed. Until the first version
/// is released, `-Dgolden=write` makes the one of the first schema anew.
class ReleasedSchemaTest {

  private static final int EVENTS = 36;

  /// What is to be in the midst of things.
  private static final List<String> TOLD =
      List.of(
          "Preparing\\[",
          "Releasing\\[",
          "used true",
          "kind=Service",
          "Stopping\\[submitTime[^\n]*force=true",
          "Stopping\\[startTime[^\n]*force=true",
          "ledger Ledger\\[made=[1-9]",
          "failedOn=\\[\\d");

  @TempDir Path directory;

  private static final Path FOLDER =
      Path.of("src/test/resources", ReleasedSchemaTest.class.getPackageName().replace('.', '/'));

  @BeforeEach
  void remake() throws IOException, SQLException {
    if (!"write".equals(System.getProperty("golden"))) {
      return;
    }
    var seed = 0;
    while (!isMade(++seed)) {
      // Another seed makes another database.
    }
    var folder = folder(seed);
    try (var connection =
            DriverManager.getConnection("jdbc:h2:" + folder.resolve("capataz"), "capataz", "");
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN COMPACT");
    }
    Files.copy(
        folder.resolve("capataz.mv.db"),
        FOLDER.resolve("v1.mv.db"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Path folder(int seed) {
    return directory.resolve("seed-" + seed);
  }

  /// Makes a database, and answers whether it is one to keep.
  private boolean isMade(int seed) throws IOException {
    try (var store = EmbeddedDatabase.open(folder(seed), "golden")) {
      var cluster = new RandomCluster(seed, store);
      for (var left = EVENTS; left > 0; left--) {
        var events = cluster.happen();
        if (events.stream().anyMatch(Event.JobDeleted.class::isInstance)) {
          // The events refer to drafts, and those of deleted jobs are no more.
          return false;
        }
        store.commit(events, cluster.state());
      }
      var text = text(cluster.state());
      Files.writeString(FOLDER.resolve("v1.txt"), text + "\n");
      return TOLD.stream().allMatch(part -> Pattern.compile(part).matcher(text).find());
    }
  }

  @Test
  void theLastMigrationIsKnownWithoutFlyway() throws IOException {
    try (var files = Files.list(Path.of("src/main/resources/org/capataz/headnode/store/schema"))) {
      var versions =
          files.map(file -> file.getFileName().toString().replaceAll("V(\\d+)__.*", "$1"));
      assertThat(versions.mapToInt(Integer::parseInt).max())
          .hasValue(Integer.parseInt(EmbeddedDatabase.SCHEMA));
    }
  }

  @Test
  void aDatabaseOfTheFirstSchemaIsReadAsItWasWritten() throws IOException {
    Files.copy(FOLDER.resolve("v1.mv.db"), directory.resolve("capataz.mv.db"));
    var expected = Files.readString(FOLDER.resolve("v1.txt")).strip();
    try (var store = EmbeddedDatabase.open(directory, "another name")) {
      assertThat(text(RandomCluster.restored(store))).isEqualTo(expected);
      assertThat(Findings.of((SqlStore) store).problems()).isEmpty();
      assertThat(store.clusterName()).isEqualTo("golden");
      assertThat(store.epoch()).isEqualTo(2);
    }
  }

  @Test
  void theDatabaseOfTheFirstSchemaHasJobsInTheMidstOfEverything() throws IOException {
    var text = Files.readString(FOLDER.resolve("v1.txt"));
    assertThat(TOLD).allSatisfy(part -> assertThat(text).containsPattern(part));
  }

  /// A state without the cores of attempts that have ended, which the first version's rows do not
  /// tell.
  private static String text(ClusterState state) {
    return StateText.of(state).replaceAll("( ended Entry\\[.*?), cores=\\d+,", "$1,");
  }
}
