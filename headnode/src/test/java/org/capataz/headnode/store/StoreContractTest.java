package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
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
    try {
      var cluster = new RandomCluster(seed, store);
      for (var commit = 1; commit <= 250; commit++) {
        store.commit(cluster.happen(), cluster.state());
        if (commit % 50 == 0) {
          var what = "seed " + seed + ", commit " + commit;
          var memory = cluster.state();
          assertThat(StateText.differences(memory, RandomCluster.restored(store)))
              .as("rows, " + what)
              .isEmpty();
          assertThat(StateText.differences(memory, fold(store))).as("journal, " + what).isEmpty();
          store.close();
          store = open();
          cluster.restart(store);
          assertThat(StateText.differences(memory, cluster.state()))
              .as("reopened, " + what)
              .isEmpty();
        }
      }
    } finally {
      store.close();
    }
  }

  /// Makes the state from nothing but the journal, and the drafts to which it refers.
  static ClusterState fold(Store store) {
    var state = new ClusterState(store.cluster(), store.epoch());
    var drafts = new HashMap<Integer, Queue<JobDraft>>();
    var sequence = 0L;
    for (var records = store.journal(0, 0, 100);
        !records.isEmpty();
        records = store.journal(sequence, 0, 100)) {
      for (var record : records) {
        assertThat(record.sequence()).isEqualTo(++sequence);
        for (var event : record.events()) {
          state.replay(withDraft(event, (SqlStore) store, drafts), record.epoch());
        }
      }
    }
    assertThat(store.sequence()).isEqualTo(sequence);
    return state;
  }

  private static Event withDraft(
      Event event, SqlStore store, Map<Integer, Queue<JobDraft>> drafts) {
    return switch (event) {
      case Event.JobCreated(var job, var request, var owner, var draft, var time) -> {
        var written = new ArrayDeque<>(store.drafts(job));
        drafts.put(job, written);
        yield new Event.JobCreated(job, request, owner, written.remove(), time);
      }
      case Event.TasksAdded(var job, var request, var tasks, var time) ->
          new Event.TasksAdded(
              job, request, Objects.requireNonNull(drafts.get(job)).remove().tasks(), time);
      default -> event;
    };
  }
}
