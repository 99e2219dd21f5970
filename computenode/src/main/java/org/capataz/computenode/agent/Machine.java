package org.capataz.computenode.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.regex.Pattern;

/// What a node finds on itself.
///
/// @param cores logical processors that this process may use: fewer than the machine has where an
///   affinity mask or a cgroup says so
/// @param memoryMb MiB of main memory, or of what the cgroup allows
public record Machine(
    int cores, int sockets, int memoryMb, String operatingSystem, String architecture) {

  private static final Pattern CPU = Pattern.compile("cpu\\d+");
  private static final Pattern CPUS_ALLOWED = Pattern.compile("Cpus_allowed_list:\\s*([0-9,-]+)");
  private static final Pattern PROCESSOR = Pattern.compile("processor\\s*:\\s*(\\d+)");
  private static final Pattern PHYSICAL_ID = Pattern.compile("physical id\\s*:\\s*(\\d+)");
  private static final Pattern PACKAGE_ID = Pattern.compile("(\\d+)");
  private static final Pattern MEM_TOTAL = Pattern.compile("MemTotal:\\s*(\\d+) kB");
  private static final Pattern PRETTY_NAME = Pattern.compile("PRETTY_NAME=\"?([^\"]*)\"?");
  private static final int KIB = 1024;

  /// Looks at the machine that this process runs on.
  public static Machine found() {
    return read(Path.of("/"));
  }

  /// The name that this machine has for itself.
  public static String hostName() {
    return KernelFiles.lines(Path.of("/proc/sys/kernel/hostname")).stream()
        .findFirst()
        .orElse("localhost");
  }

  /// Reads the kernel's files below `root`.
  static Machine read(Path root) {
    var groups = new ControlGroups(root);
    var memory = Math.min(memoryBytes(root), groups.memoryBytes().orElse(Long.MAX_VALUE));
    return new Machine(
        (int) Math.min(allowedCores(root), groups.cores().orElse(Long.MAX_VALUE)),
        sockets(root),
        (int) Math.min(Integer.MAX_VALUE, memory / (KIB * KIB)),
        operatingSystem(root),
        System.getProperty("os.arch"));
  }

  private static int allowedCores(Path root) {
    var list = KernelFiles.first(root.resolve("proc/self/status"), CPUS_ALLOWED);
    if (list.isEmpty()) {
      return Math.max(1, KernelFiles.all(root.resolve("proc/cpuinfo"), PROCESSOR).size());
    }
    var cores = 0;
    for (var range : list.get().split(",", -1)) {
      var ends = range.split("-", -1);
      cores += 1 + Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]);
    }
    return cores;
  }

  private static int sockets(Path root) {
    var sockets = new HashSet<String>();
    try (var cpus = Files.newDirectoryStream(root.resolve("sys/devices/system/cpu"))) {
      for (var cpu : cpus) {
        if (CPU.matcher(cpu.getFileName().toString()).matches()) {
          var file = cpu.resolve("topology/physical_package_id");
          KernelFiles.first(file, PACKAGE_ID).ifPresent(sockets::add);
        }
      }
    } catch (IOException noTopology) {
      sockets.clear();
    }
    if (sockets.isEmpty()) {
      sockets.addAll(KernelFiles.all(root.resolve("proc/cpuinfo"), PHYSICAL_ID));
    }
    return Math.max(1, sockets.size());
  }

  private static long memoryBytes(Path root) {
    return KernelFiles.first(root.resolve("proc/meminfo"), MEM_TOTAL)
        .map(kib -> KIB * Long.parseLong(kib))
        .orElse(0L);
  }

  private static String operatingSystem(Path root) {
    var kernel = System.getProperty("os.name") + " " + System.getProperty("os.version");
    return KernelFiles.first(root.resolve("etc/os-release"), PRETTY_NAME)
        .map(distribution -> distribution + ", " + kernel)
        .orElse(kernel);
  }
}
