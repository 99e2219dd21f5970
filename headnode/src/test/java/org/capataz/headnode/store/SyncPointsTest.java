package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a power cut at any write leaves of H2's file, without tables above it: a thousand cuts,
/// where [CrashTest] has some hundred. H2 also stores versions that nobody synced, as its
/// background thread and large transactions make it do. Each of these mistakes is seen by each
/// seed: to hold no version, to write both copies of the header at once, to sync a chunk's body
/// with its first block, and to write the header while more than its chunk is not synced.
class SyncPointsTest {

  private static final int STEPS = 400;
  private static final int KEYS = 60;
  private static final int STEP = -1;

  @TempDir Path directory;

  private final FaultyDisk disk = FaultyDisk.insert();

  /// A file as a power cut left it, and the last step that had been synced then.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Wreck(byte[] file, int synced) {}

  @Test
  void aPowerCutLeavesTheLastSyncedVersionOrANewerOneAndAllOfIt() throws IOException {
    for (var seed = 2; seed <= 3; seed++) {
      assertThat(losses(seed)).as("seed " + seed).isEmpty();
    }
  }

  private List<String> losses(long seed) throws IOException {
    var random = new Random(seed);
    var cuts = new Random(-seed);
    var path = directory.resolve(seed + ".mv.db");
    Files.createFile(path);
    var states = new ArrayList<Map<Integer, String>>();
    var wrecks = new ArrayList<Wreck>();
    var synced = new int[] {-1};
    var syncPoints = new SyncPoints();
    var store = open(OrderedFiles.PREFIX + FaultyDisk.FILE_SYSTEM + path);
    // H2's database does so too, and has its writing threads from then on.
    store.setAutoCommitDelay(500);
    syncPoints.opened(store);
    var map = store.<Integer, String>openMap("map");
    var state = new HashMap<Integer, String>();
    disk.onWrite(
        () -> {
          if (synced[0] >= 0 && cuts.nextBoolean()) {
            wrecks.add(new Wreck(disk.afterPowerCut(cuts), synced[0]));
          }
        });
    for (var step = 0; step < STEPS; step++) {
      var changes = new HashMap<>(Map.of(STEP, "" + step));
      for (var change = random.nextInt(4); change > 0; change--) {
        changes.put(random.nextInt(KEYS), text(random));
      }
      map.putAll(changes);
      state.putAll(changes);
      states.add(new HashMap<>(state));
      if (random.nextInt(3) == 0) {
        syncPoints.sync(store);
        synced[0] = step;
      } else {
        store.commit();
      }
    }
    store.closeImmediately();
    disk.onWrite(() -> {});
    var losses = new ArrayList<String>();
    for (var wreck : wrecks) {
      losses.addAll(loss(wreck, states));
    }
    return losses;
  }

  private static MVStore open(String name) {
    OrderedFiles.register();
    var store =
        new MVStore.Builder().fileName(name).autoCompactFillRate(0).autoCommitDisabled().open();
    store.setRetentionTime(0);
    store.setVersionsToKeep(0);
    return store;
  }

  /// Text of up to some blocks that cannot be compressed.
  private static String text(Random random) {
    var text = new StringBuilder();
    for (var length = random.nextInt(200) << random.nextInt(7); length > 0; length--) {
      text.append((char) (' ' + random.nextInt(95)));
    }
    return text.toString();
  }

  private List<String> loss(Wreck wreck, List<Map<Integer, String>> states) throws IOException {
    var path = directory.resolve("wreck.mv.db");
    Files.write(path, wreck.file);
    var what = "a cut after step " + wreck.synced + " was synced left ";
    MVStore store;
    try {
      store = open(OrderedFiles.PREFIX + path);
    } catch (RuntimeException failure) {
      return List.of(what + "no database: " + failure.getMessage());
    }
    try {
      var found = new HashMap<>(store.<Integer, String>openMap("map"));
      var step = Integer.parseInt(found.getOrDefault(STEP, "-1"));
      return step >= wreck.synced && states.get(step).equals(found)
          ? List.of()
          : List.of(what + "step " + step + (step >= wreck.synced ? " in part" : ""));
    } catch (RuntimeException failure) {
      return List.of(what + "no map: " + failure.getMessage());
    } finally {
      store.closeImmediately();
    }
  }
}
