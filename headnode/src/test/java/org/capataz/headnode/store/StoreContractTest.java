package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.Topology;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every store promises, shown on the embedded database.
class StoreContractTest {

  @TempDir Path directory;

  private Store open() {
    return EmbeddedDatabase.open(directory.resolve("database"), "test");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void rowsAndJournalAreBothTheStateInMemory(long seed) {
    var store = open();
    var deleted = 0;
    try {
      var cluster = new RandomCluster(seed, store);
      for (var commit = 1; commit <= 250; commit++) {
        var events = cluster.happen();
        deleted += (int) events.stream().filter(Event.JobDeleted.class::isInstance).count();
        store.commit(events, cluster.state());
        if (commit % 50 == 0) {
          var what = "seed " + seed + ", commit " + commit;
          var memory = StateText.of(cluster.state());
          assertThat(StateText.differences(memory, StateText.of(RandomCluster.restored(store))))
              .as("rows, " + what)
              .isEmpty();
          assertThat(Findings.of((SqlStore) store).problems()).as("journal, " + what).isEmpty();
          store.close();
          store = open();
          cluster.restart(store);
          assertThat(StateText.differences(memory, StateText.of(cluster.state())))
              .as("reopened, " + what)
              .isEmpty();
        }
      }
    } finally {
      store.close();
    }
    assertThat(deleted).as("seed " + seed).isPositive();
  }

  @Test
  void ofADeletedJobNothingIsStoredAndTheJournalBeginsWithTheOldestJobThatThereIs()
      throws SQLException {
    try (var store = open()) {
      var state = new ClusterState(store.cluster(), store.epoch());
      // What is told of them goes with the journal's first rows, and still holds.
      var found = new NodeOffer.Found(4, 1, 8000, List.of(), "Linux", "amd64");
      var offer = new NodeOffer(Topology.even(4, 1, 0), 8000, found, List.of());
      var licences = ClusterParameter.LICENSES;
      commit(
          store,
          state,
          new Event.NodeRegistered(1, new UUID(2, 1), "n1", offer, "boot", 5),
          new Event.NodeSwitched(1, false, 6),
          new Event.ClusterParameterSet(licences, "x:1", 6),
          new Event.ClusterParameterSet(licences, "x:2", 7));
      // Each record fills a good part of a row, so that the journal has many.
      var texts = "x".repeat(4000);
      for (var job = 1; job <= 600; job++) {
        commit(
            store,
            state,
            new Event.JobCreated(job, new UUID(1, job), "user", JobDraft.EMPTY, 7),
            new Event.JobEnded(job, JobState.CANCELED, texts + job, 8));
      }
      for (var job = 1; job < 600; job++) {
        commit(store, state, new Event.JobDeleted(job, 9));
      }
      assertThat(state.jobs()).extracting(Job::id).containsExactly(600);
      assertThat(Findings.of((SqlStore) store).problems()).isEmpty();
      while (store.trimJournal()) {
        // Some rows at a time.
      }
      assertThat(store.trimJournal()).isFalse();
      assertThat(Findings.of((SqlStore) store).problems()).isEmpty();

      assertThat(RandomCluster.restored(store).jobs()).extracting(Job::id).containsExactly(600);
      assertThat(store.journal(0, 0, 10_000))
          .isNotEmpty()
          .allMatch(record -> record.sequence() > 80)
          .anyMatch(record -> record.job() == 600);
      assertThat(store.journal(0, 600, 10)).hasSize(1);
      assertThatThrownBy(() -> store.draft(1)).isInstanceOf(NoSuchElementException.class);
      assertThat(state.answerTo(new UUID(1, 1))).isNull();
    }
  }

  private static void commit(Store store, ClusterState state, Event... events) {
    for (var event : events) {
      state.apply(event);
    }
    store.commit(List.of(events), state);
  }

  @Test
  void anEpochIsHigherThanAllBefore() {
    UUID cluster;
    try (var store = open()) {
      cluster = store.cluster();
      assertThat(store.epoch()).isEqualTo(1);
      assertThat(store.clusterName()).isEqualTo("test");
    }
    try (var store = open()) {
      assertThat(store.epoch()).isEqualTo(2);
      assertThat(store.cluster()).isEqualTo(cluster);
    }
  }

  @Test
  void aStoreThatAnotherHeadNodeHasOpenedSinceTakesNoMoreCommits() {
    try (var store = open();
        var other = open()) {
      var cluster = new RandomCluster(1, store);
      assertThatThrownBy(() -> store.commit(cluster.happen(), cluster.state()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another one has opened it")
          .matches(failure -> !((StoreException) failure).isPassing());
      assertThat(other.sequence()).isZero();
    }
  }

  @Test
  void whatPassesIsNotStored() {
    try (var store = open()) {
      var state = new ClusterState(store.cluster(), store.epoch());
      assertThat(store.commit(List.of(new Event.NodeReachability(1, true, 5)), state)).isEmpty();
      assertThat(store.sequence()).isZero();
    }
  }

  @Test
  void theJournalOfAJobCanBeReadFromAnyRecordOnAndInPages() {
    try (var store = open()) {
      var cluster = new RandomCluster(5, store);
      var all = new ArrayList<JournalRecord>();
      for (var commit = 0; commit < 200; commit++) {
        all.addAll(store.commit(cluster.happen(), cluster.state()));
      }
      assertThat(store.journal(0, 0, Integer.MAX_VALUE)).isEqualTo(all);
      for (var job = 1; job < cluster.state().nextJob(); job++) {
        var id = job;
        var records = all.stream().filter(record -> record.job() == id).toList();
        assertThat(store.journal(0, job, Integer.MAX_VALUE)).isEqualTo(records);
        var middle = records.get(records.size() / 2).sequence();
        var rest = records.stream().filter(record -> record.sequence() > middle).toList();
        assertThat(store.journal(middle, job, 3))
            .isEqualTo(rest.subList(0, Math.min(3, rest.size())));
      }
      assertThat(store.journal(store.sequence(), 0, 10)).isEmpty();
    }
  }

  @Test
  void aDraftIsWhatWasWrittenWithTheTasksAddedLater() {
    try (var store = open()) {
      var cluster = new RandomCluster(3, store);
      for (var commit = 0; commit < 60; commit++) {
        store.commit(cluster.happen(), cluster.state());
      }
      var configuring = cluster.state().jobs().stream().filter(job -> !job.isSubmitted()).toList();
      assertThat(configuring).isNotEmpty();
      configuring.forEach(job -> assertThat(store.draft(job.id())).isEqualTo(job.draft()));
      assertThatThrownBy(() -> store.draft(10_000)).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void aRequestIsStoredOnce() {
    try (var store = open()) {
      var state = new ClusterState(store.cluster(), store.epoch());
      var request = new UUID(1, 2);
      var events = new ArrayList<Event>();
      for (var job = 1; job <= 2; job++) {
        var created = new Event.JobCreated(job, request, "user", JobDraft.EMPTY, 7);
        state.apply(created);
        events.add(created);
      }
      assertThatThrownBy(() -> store.commit(events, state)).isInstanceOf(StoreException.class);
    }
    try (var store = open()) {
      assertThat(store.load().jobs()).isEmpty();
      assertThat(store.sequence()).isZero();
    }
  }

  @Test
  void aLargeJobIsStored() {
    try (var store = open()) {
      var state = new ClusterState(store.cluster(), store.epoch());
      var draft =
          JobDraft.EMPTY.plus(
              TaskDraft.EMPTY.withAxes(List.of(new SweepAxis.Lines(values(3_000_000)))));
      var created = new Event.JobCreated(1, new UUID(1, 2), "user", draft, 7);
      state.apply(created);
      store.commit(List.of(created), state);
      assertThat(store.draft(1)).isEqualTo(draft);
    }
  }

  private static List<String> values(int characters) {
    var values = new ArrayList<String>();
    for (var left = characters; left > 0; left -= 1000) {
      values.add("x".repeat(1000) + left);
    }
    return values;
  }

  @Test
  void nobodyElseMayReadTheDatabase() throws IOException {
    var data = directory.resolve("database");
    try (var store = open()) {
      assertThat(store.epoch()).isEqualTo(1);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
          .isEqualTo("rwx------");
      try (var files = Files.list(data)) {
        for (var file : files.toList()) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .isEqualTo("rw-------");
        }
      }
    }
  }

  @Test
  void aDatabaseThatAnotherProcessHasOpenIsRefusedInOneLine() throws IOException {
    open().close();
    try (var channel =
            FileChannel.open(
                directory.resolve("database/capataz.mv.db"), StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another one uses it")
          .hasMessageNotContaining("\n")
          .matches(failure -> ((StoreException) failure).isPassing());
    }
    open().close();
  }

  @Test
  void aDatabaseThatIsGoneIsNotMadeAnewWhileItsHeadNodeRuns() throws IOException {
    var database = directory.resolve("database");
    var cluster = open();
    cluster.close();
    try (var again = EmbeddedDatabase.reopen(database)) {
      assertThat(again.cluster()).isEqualTo(cluster.cluster());
    }
    Files.delete(database.resolve("capataz.mv.db"));

    assertThatThrownBy(() -> EmbeddedDatabase.reopen(database))
        .hasMessageContaining("is its disk mounted?")
        .matches(failure -> ((StoreException) failure).isPassing());
    assertThat(database).isEmptyDirectory();
  }

  @Test
  void aDatabaseOfANewerVersionIsRefusedInOneLine() throws SQLException {
    open().close();
    var database =
        new EmbeddedDatabase(directory.resolve("database"), EmbeddedDatabase.FILE_SYSTEM);
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO \"flyway_schema_history\" (\"installed_rank\", \"version\", \"description\","
              + " \"type\", \"script\", \"installed_by\", \"execution_time\", \"success\")"
              + " VALUES (1000, '1000', 'later', 'SQL', 'V1000__later.sql', 'x', 1, TRUE)");
      database.sync(connection);
    }
    database.close();
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("was used by a newer one")
        .hasMessageNotContaining("\n")
        .matches(failure -> !((StoreException) failure).isPassing());
  }
}
