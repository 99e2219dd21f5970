package org.capataz.computenode.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/// The limits of the cgroups that this process is in, of version 2 or 1; a group is bound by those
/// above it too.
final class ControlGroups {

  private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})");
  private static final Pattern QUOTA = Pattern.compile("(\\d{1,9}) \\d{1,9}");
  private static final Pattern PERIOD = Pattern.compile("\\d{1,9} (\\d{1,9})");

  private final Path root;

  /// @param root of the file system
  ControlGroups(Path root) {
    this.root = root;
  }

  OptionalLong memoryBytes() {
    return groups("memory").stream()
        .flatMapToLong(
            group ->
                LongStream.concat(
                    number(group.resolve("memory.max"), NUMBER),
                    number(group.resolve("memory.limit_in_bytes"), NUMBER)))
        .min();
  }

  /// As many cores as the quota of processor time keeps busy.
  OptionalLong cores() {
    return groups("cpu").stream()
        .flatMapToLong(
            group ->
                LongStream.concat(
                    cores(group.resolve("cpu.max"), QUOTA, group.resolve("cpu.max"), PERIOD),
                    cores(
                        group.resolve("cpu.cfs_quota_us"),
                        NUMBER,
                        group.resolve("cpu.cfs_period_us"),
                        NUMBER)))
        .min();
  }

  private static LongStream cores(Path quotaFile, Pattern quota, Path periodFile, Pattern period) {
    return number(quotaFile, quota)
        .flatMap(
            micros ->
                number(periodFile, period)
                    .filter(each -> each > 0)
                    .map(each -> Math.max(1, Math.ceilDiv(micros, each))));
  }

  private static LongStream number(Path file, Pattern pattern) {
    return KernelFiles.first(file, pattern).stream().mapToLong(Long::parseLong);
  }

  /// Directories from each group up, in version 2 and in version 1's hierarchy of the controller.
  private List<Path> groups(String controller) {
    var groups = new ArrayList<Path>();
    for (var line : KernelFiles.lines(root.resolve("proc/self/cgroup"))) {
      var parts = line.split(":", 3);
      if (parts.length < 3) {
        continue;
      }
      var top = root.resolve("sys/fs/cgroup");
      if (List.of(parts[1].split(",", -1)).contains(controller)) {
        top = top.resolve(controller);
      } else if (!parts[1].isEmpty()) {
        continue;
      }
      var group = top.resolve(parts[2].substring(1)).normalize();
      for (; group != null && group.startsWith(top); group = group.getParent()) {
        groups.add(group);
      }
    }
    return groups;
  }
}
