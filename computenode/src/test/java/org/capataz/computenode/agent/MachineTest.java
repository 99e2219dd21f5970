package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.capataz.model.CoreSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineTest {

  @TempDir private Path root;

  /// A machine of two sockets with four cores each, and nothing limited.
  @BeforeEach
  void copyTheKernelsFiles() throws IOException, URISyntaxException {
    var sample =
        Path.of(Objects.requireNonNull(MachineTest.class.getResource("two-sockets")).toURI());
    try (var files = Files.walk(sample)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        write(sample.relativize(file).toString(), Files.readString(file));
      }
    }
  }

  @Test
  void coresSocketsAndMemoryAreFound() {
    var machine = Machine.read(root, List.of());

    assertThat(machine.cores()).isEqualTo(8);
    assertThat(machine.sockets()).isEqualTo(2);
    assertThat(machine.memoryMb()).isEqualTo(64288);
  }

  @Test
  void coresThatTheAffinityMaskForbidsAreNotOffered() throws IOException {
    write("proc/self/status", "Cpus_allowed_list:\t0-2,5\n");

    assertThat(Machine.read(root, List.of()).cores()).isEqualTo(4);
  }

  @Test
  void theTopologyOfTheKernelCountsMoreThanTheProcessorsOwnWord() throws IOException {
    for (var cpu = 0; cpu < 8; cpu++) {
      write("sys/devices/system/cpu/cpu" + cpu + "/topology/physical_package_id", cpu / 2 + "\n");
    }
    write("sys/devices/system/cpu/cpufreq/boost", "1\n");

    assertThat(Machine.read(root, List.of()).sockets()).isEqualTo(4);
  }

  @Test
  void aControlGroupLimitsWhatIsInIt() throws IOException {
    write("proc/self/cgroup", "0::/site/node\n");
    write("sys/fs/cgroup/site/memory.max", "1073741824\n");
    write("sys/fs/cgroup/site/cpu.max", "250000 100000\n");
    write("sys/fs/cgroup/site/node/memory.max", "max\n");
    write("sys/fs/cgroup/site/node/cpu.max", "max 100000\n");

    var machine = Machine.read(root, List.of());

    assertThat(machine.memoryMb()).isEqualTo(1024);
    assertThat(machine.cores()).isEqualTo(3);
  }

  @Test
  void soDoesOneOfTheFirstVersion() throws IOException {
    write("proc/self/cgroup", "4:memory:/node\n1:cpu,cpuacct:/node\n0::/\n");
    write("sys/fs/cgroup/memory/node/memory.limit_in_bytes", "2147483648\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/cpu/node/cpu.cfs_quota_us", "-1\n");
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");

    var machine = Machine.read(root, List.of());

    assertThat(machine.memoryMb()).isEqualTo(2048);
    assertThat(machine.cores()).isEqualTo(2);
  }

  @Test
  void aMachineThatSaysNothingHasOneOfEach(@TempDir Path silent) {
    var machine = Machine.read(silent, List.of());

    assertThat(machine.cores()).isEqualTo(1);
    assertThat(machine.sockets()).isEqualTo(1);
    assertThat(machine.memoryMb()).isZero();
  }

  @Test
  void coresLieOnTheSocketsThatTheKernelNames() throws IOException {
    write("proc/self/status", "Cpus_allowed_list:\t1-3,6\n");
    for (var cpu : new int[] {0, 1, 2, 3, 6}) {
      var file = "sys/devices/system/cpu/cpu" + cpu + "/topology/physical_package_id";
      write(file, cpu % 2 + "\n");
    }

    var machine = Machine.read(root, List.of("Tesla T4", "Tesla T4"));

    assertThat(machine.cpus()).map(Machine.Cpu::id).containsExactly(1, 2, 3, 6);
    assertThat(machine.gpus()).hasSize(2);
    assertThat(machine.topology(4, 2).sockets())
        .map(CoreSet::toString)
        .containsExactly("0,2", "1,3");
    assertThat(machine.topology(3, 0).sockets()).map(CoreSet::toString).containsExactly("0,2", "1");
    assertThat(machine.topology(8, 0).sockets())
        .map(CoreSet::toString)
        .containsExactly("0-3", "4-7");
  }

  @Test
  void thisMachineHasCoresAndMemory() {
    var machine = Machine.found();

    assertThat(machine.cores()).isPositive();
    assertThat(machine.memoryMb()).isPositive();
    assertThat(Machine.hostName()).isNotBlank();
  }

  private void write(String file, String text) throws IOException {
    var path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
