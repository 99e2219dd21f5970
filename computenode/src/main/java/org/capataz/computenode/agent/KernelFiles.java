package org.capataz.computenode.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The kernel's files about the machine. One that is missing or unreadable is empty: what it would
/// say differs from kernel to kernel, and nothing of it is needed.
final class KernelFiles {

  private KernelFiles() {}

  static List<String> lines(Path file) {
    try (var lines = Files.lines(file)) {
      return lines.toList();
    } catch (IOException | UncheckedIOException unreadable) {
      return List.of();
    }
  }

  /// The first group of the pattern, of each line that matches as a whole.
  static List<String> all(Path file, Pattern pattern) {
    return lines(file).stream()
        .map(pattern::matcher)
        .filter(match -> match.matches())
        .map(match -> match.group(1))
        .toList();
  }

  static Optional<String> first(Path file, Pattern pattern) {
    return all(file, pattern).stream().findFirst();
  }
}
