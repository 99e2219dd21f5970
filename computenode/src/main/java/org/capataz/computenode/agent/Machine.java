package org.capataz.computenode.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.capataz.computenode.process.Inquiry;
import org.capataz.model.CoreSet;
import org.capataz.model.Topology;

/// What a node finds on itself.
///
/// @param cores logical processors that this process may use: fewer than the machine has where an
///   affinity mask or a cgroup says so
/// @param memoryMb MiB of main memory, or of what the cgroup allows
/// @param cpus those processors, in the order of their numbers
/// @param gpus the name of each
public record Machine(
    int cores,
    int sockets,
    int memoryMb,
    List<Cpu> cpus,
    List<String> gpus,
    String operatingSystem,
    String architecture) {

  /// A logical processor.
  ///
  /// @param id the kernel's number
  /// @param socket the kernel's name for its socket
  public record Cpu(int id, String socket) {}

  public Machine {
    cpus = List.copyOf(cpus);
    gpus = List.copyOf(gpus);
  }

  private static final Pattern CPU = Pattern.compile("cpu\\d+");
  private static final Pattern CPUS_ALLOWED = Pattern.compile("Cpus_allowed_list:\\s*([0-9,-]+)");
  private static final Pattern PROCESSOR = Pattern.compile("processor\\s*:\\s*(\\d+)");
  private static final Pattern PHYSICAL_ID = Pattern.compile("physical id\\s*:\\s*(\\d+)");
  private static final Pattern PACKAGE_ID = Pattern.compile("(\\d+)");
  private static final Pattern MEM_TOTAL = Pattern.compile("MemTotal:\\s*(\\d+) kB");
  private static final Pattern PRETTY_NAME = Pattern.compile("PRETTY_NAME=\"?([^\"]*)\"?");
  private static final int KIB = 1024;

  private static final List<String> ASK_FOR_GPUS =
      List.of("nvidia-smi", "--query-gpu=name", "--format=csv,noheader");

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Looks at the machine that this process runs on.
  public static Machine found() {
    return read(Path.of("/"), Inquiry.lines(ASK_FOR_GPUS, PATIENCE));
  }

  /// The name that this machine has for itself.
  public static String hostName() {
    return KernelFiles.lines(Path.of("/proc/sys/kernel/hostname")).stream()
        .findFirst()
        .orElse("localhost");
  }

  /// Reads the kernel's files below `root`.
  static Machine read(Path root, List<String> gpus) {
    var groups = new ControlGroups(root);
    var memory = Math.min(memoryBytes(root), groups.memoryBytes().orElse(Long.MAX_VALUE));
    var cpus = cpus(root);
    return new Machine(
        (int) Math.min(cpus.size(), groups.cores().orElse(Long.MAX_VALUE)),
        sockets(root),
        (int) Math.min(Integer.MAX_VALUE, memory / (KIB * KIB)),
        cpus,
        gpus,
        operatingSystem(root),
        System.getProperty("os.arch"));
  }

  private static List<Cpu> cpus(Path root) {
    var list = KernelFiles.first(root.resolve("proc/self/status"), CPUS_ALLOWED);
    var ids = new ArrayList<Integer>();
    if (list.isEmpty()) {
      KernelFiles.all(root.resolve("proc/cpuinfo"), PROCESSOR).stream()
          .map(Integer::valueOf)
          .forEach(ids::add);
    } else {
      for (var range : list.get().split(",", -1)) {
        var ends = range.split("-", -1);
        for (var id = Integer.parseInt(ends[0]);
            id <= Integer.parseInt(ends[ends.length - 1]);
            id++) {
          ids.add(id);
        }
      }
    }
    if (ids.isEmpty()) {
      ids.add(0);
    }
    return ids.stream().sorted().map(id -> new Cpu(id, socket(root, id))).toList();
  }

  private static String socket(Path root, int cpu) {
    var file = "sys/devices/system/cpu/cpu" + cpu + "/topology/physical_package_id";
    return KernelFiles.first(root.resolve(file), PACKAGE_ID).orElse("");
  }

  /// How so many cores lie that are offered: on the sockets of the first processors, or, where more
  /// are offered than there are, evenly on as many sockets.
  Topology topology(int offeredCores, int offeredGpus) {
    if (offeredCores > cpus.size()) {
      return Topology.even(offeredCores, sockets, offeredGpus);
    }
    var bySocket = new LinkedHashMap<String, CoreSet>();
    for (var core = 0; core < offeredCores; core++) {
      var set = CoreSet.first(core + 1).minus(CoreSet.first(core));
      bySocket.merge(cpus.get(core).socket(), set, CoreSet::plus);
    }
    return new Topology(List.copyOf(bySocket.values()), offeredGpus);
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
