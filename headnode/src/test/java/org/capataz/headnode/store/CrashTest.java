package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is left in the database when head node or machine die at any moment.
class CrashTest {

  private static final int COMMITS = 150;

  @TempDir Path directory;

  private final FaultyDisk disk = FaultyDisk.insert();

  private EmbeddedDatabase database() {
    return new EmbeddedDatabase(directory.resolve("database"), FaultyDisk.FILE_SYSTEM);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatWasAcknowledgedSurvivesAKillAndAPowerCutAtAnyMoment(long seed) {
    assertThat(losses(seed, database())).as("seed " + seed).isEmpty();
  }

  @Test
  void theTestAboveSeesAnAcknowledgementWithoutASync() {
    assertThat(losses(1, new NeverSynced(database()))).isNotEmpty();
  }

  /// The database as it would be if commits alone were trusted.
  private record NeverSynced(Database database) implements Database {
    @Override
    public Connection connect() throws SQLException {
      return database.connect();
    }

    @Override
    public void stream(Connection connection) throws SQLException {
      database.stream(connection);
    }

    @Override
    public void sync(Connection connection) {}

    @Override
    public Path copy() throws SQLException, IOException {
      return database.copy();
    }

    @Override
    public StoreException explain(Exception failure) {
      return database.explain(failure);
    }

    @Override
    public void close() {
      database.close();
    }
  }

  @Test
  void aCommitThatFailsLeavesAllOrNothingAndTheStoreCanBeOpenedAgainLater() {
    var store = SqlStore.open(database(), "test");
    var cluster = new RandomCluster(4, store);
    for (var commit = 0; commit < 20; commit++) {
      store.commit(cluster.happen(), cluster.state());
    }
    var before = StateText.of(cluster.state());
    disk.fill(true);
    assertThatThrownBy(
            () -> {
              while (true) {
                store.commit(cluster.happen(), cluster.state());
              }
            })
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("No space left on device")
        .hasMessageNotContaining("\n")
        .matches(failure -> ((StoreException) failure).isPassing());
    store.close();
    assertThatThrownBy(() -> SqlStore.open(database(), "test")).isInstanceOf(StoreException.class);
    disk.fill(false);
    try (var again = SqlStore.open(database(), "test")) {
      assertThat(StateText.of(RandomCluster.restored(again))).isEqualTo(before);
      cluster.restart(again);
      again.commit(cluster.happen(), cluster.state());
    }
  }

  /// What a commit needs that comes after a sync that failed may have been written before it.
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aSyncThatFailedIsNotTakenForOneThatDidNot(int syncsBefore) {
    var store = SqlStore.open(database(), "test");
    var cluster = new RandomCluster(5, store);
    for (var commit = 0; commit < 20; commit++) {
      store.commit(cluster.happen(), cluster.state());
    }
    disk.failToSyncAfter(syncsBefore);
    assertThatThrownBy(() -> store.commit(cluster.happen(), cluster.state()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("Input/output error")
        .matches(failure -> ((StoreException) failure).isPassing());
    store.close();
    try (var again = SqlStore.open(database(), "test")) {
      cluster.restart(again);
      again.commit(cluster.happen(), cluster.state());

      var left = wreck(disk.afterPowerCut(new Random(1)), 0, "power cut");
      assertThat(loss(left, List.of(StateText.of(cluster.state())))).isEmpty();
    }
  }

  /// A database as a crash left it, and how many commits had been acknowledged then.
  private record Wreck(Path directory, int acknowledged, String kind) {}

  private Wreck wreck(byte[] file, int acknowledged, String kind) {
    try {
      var place = Files.createTempDirectory(directory, "wreck");
      Files.write(place.resolve("capataz.mv.db"), file);
      return new Wreck(place, acknowledged, kind);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Lets random things be committed and crashes happen meanwhile, and says what was lost by them.
  private List<String> losses(long seed, Database database) {
    var random = new Random(seed);
    var states = new ArrayList<String>();
    var wrecks = new ArrayList<Wreck>();
    var store = SqlStore.open(database, "test");
    var cluster = new RandomCluster(seed, store);
    states.add(StateText.of(cluster.state()));
    disk.onWrite(
        () -> {
          if (random.nextInt(60) == 0) {
            wrecks.add(wreck(disk.afterPowerCut(random), states.size() - 1, "power cut"));
          }
          if (random.nextInt(120) == 0) {
            wrecks.add(wreck(disk.afterKill(), states.size() - 1, "kill"));
          }
        });
    for (var commit = 0; commit < COMMITS; commit++) {
      store.commit(cluster.happen(), cluster.state());
      states.add(StateText.of(cluster.state()));
      if (random.nextInt(20) == 0) {
        wrecks.add(wreck(disk.afterPowerCut(random), states.size() - 1, "power cut"));
      }
    }
    store.close();
    disk.onWrite(() -> {});
    var losses = new ArrayList<String>();
    for (var wreck : wrecks) {
      losses.addAll(loss(wreck, states));
    }
    return losses;
  }

  private static List<String> loss(Wreck wreck, List<String> states) {
    var what = wreck.kind + " after " + wreck.acknowledged + " commits: ";
    try (var store = EmbeddedDatabase.open(wreck.directory, "test")) {
      var found = StateText.of(RandomCluster.restored(store));
      return states
              .subList(wreck.acknowledged, Math.min(states.size(), wreck.acknowledged + 2))
              .stream()
              .anyMatch(state -> state.equals(found))
          ? List.of()
          : List.of(what + "found the state after " + states.lastIndexOf(found));
    } catch (StoreException failure) {
      return List.of(what + failure.getMessage());
    }
  }
}
