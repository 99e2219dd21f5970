package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeDirectoryTest {

  private static final UUID FIRST = new UUID(1, 1);
  private static final UUID SECOND = new UUID(2, 2);

  @TempDir private Path data;

  @Test
  void aNodeIsTheSameAfterARestart() throws IOException {
    new NodeDirectory(data).node(FIRST);

    assertThat(new NodeDirectory(data).node(SECOND)).isEqualTo(FIRST);
  }

  @Test
  void theEpochIsRemembered() throws IOException {
    assertThat(new NodeDirectory(data).seen()).isEmpty();

    new NodeDirectory(data).keep(new ClusterEpoch(FIRST, 3));
    new NodeDirectory(data).keep(new ClusterEpoch(FIRST, 4));

    assertThat(new NodeDirectory(data).seen()).contains(new ClusterEpoch(FIRST, 4));
  }

  @Test
  void aDamagedFileIsNoNewBeginning() throws IOException {
    Files.writeString(data.resolve("node-id"), "");
    Files.writeString(data.resolve("cluster"), FIRST + "\n");
    var directory = new NodeDirectory(data);

    assertThatThrownBy(() -> directory.node(SECOND)).isInstanceOf(IOException.class);
    assertThatThrownBy(directory::seen).hasMessageContaining("it is damaged");
  }
}
