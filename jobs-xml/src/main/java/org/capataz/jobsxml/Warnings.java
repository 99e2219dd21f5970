package org.capataz.jobsxml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What has no effect in a file: each thing once, and not without end.
final class Warnings {

  private static final int MOST = 100;

  private final List<String> lines = new ArrayList<>();
  private final Set<String> things = new HashSet<>();

  void add(Position at, String message) {
    if (things.size() < MOST && things.add(message)) {
      lines.add(at + ": " + message);
      if (things.size() == MOST) {
        lines.add(at + ": more has no effect that is not listed");
      }
    }
  }

  List<String> lines() {
    return lines;
  }
}
