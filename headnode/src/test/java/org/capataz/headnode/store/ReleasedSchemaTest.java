package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.capataz.scheduler.state.ClusterState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases as released versions have left them, which are never changed.
class ReleasedSchemaTest {

  @TempDir Path directory;

  @Test
  void aDatabaseOfTheFirstSchemaIsReadAsItWasWritten() throws IOException {
    try (var file = resource("v1.mv.db")) {
      Files.copy(file, directory.resolve("capataz.mv.db"));
    }
    try (var store = EmbeddedDatabase.open(directory, "another name");
        var text = resource("v1.txt")) {
      var expected = new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(text(RandomCluster.restored(store))).isEqualTo(expected);
      assertThat(text(StoreContractTest.fold(store))).isEqualTo(expected);
      assertThat(store.clusterName()).isEqualTo("golden");
      assertThat(store.epoch()).isEqualTo(2);
    }
  }

  /// A state without the cores of attempts that have ended, which the first version's rows do not
  /// tell.
  private static String text(ClusterState state) {
    return StateText.of(state).replaceAll("( ended Entry\\[.*?), cores=\\d+,", "$1,");
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(ReleasedSchemaTest.class.getResourceAsStream(name), name);
  }
}
