package org.capataz.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import jdk.jfr.consumer.RecordingFile;

/// A flight recording of a head node: its commits and the pauses of its collector.
///
/// @param file where it is dumped to
record Recording(Path file) {

  /// What lets the launcher start a head node that records. Java does not do so with a cache.
  Map<String, String> environment() {
    return Map.of(
        "CAPATAZ_JAVA_OPTS",
        "-XX:AOTMode=off -XX:StartFlightRecording:settings=none"
            + ",capataz.Commit#enabled=true,capataz.Commit#threshold=0ms"
            + ",jdk.GarbageCollection#enabled=true,jdk.GarbageCollection#threshold=0ms");
  }

  /// Writes what a head node has recorded since it started.
  void dump(Program head) throws IOException {
    var _ = head.jcmd("JFR.dump", "filename=" + file);
  }

  /// How long commits and pauses took, those of the warm-up included.
  String durations() throws IOException {
    var commits = new ArrayList<Double>();
    var pauses = new ArrayList<Double>();
    var events = 0L;
    try (var recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        var event = recording.readEvent();
        switch (event.getEventType().getName()) {
          case "capataz.Commit" -> {
            commits.add(millis(event.getDuration()));
            events += event.getInt("events");
          }
          case "jdk.GarbageCollection" -> pauses.add(millis(event.getDuration("longestPause")));
          default -> {}
        }
      }
    }
    return "%,d commits of %.0f events: median %s, 99 %% %s, longest %s ms; longest pause %s ms"
        .formatted(
            commits.size(),
            (double) events / commits.size(),
            Samples.format(Samples.of(commits).median()),
            Samples.format(Samples.of(commits).quantile(0.99)),
            Samples.format(Samples.of(commits).most()),
            pauses.isEmpty() ? "0" : Samples.format(Samples.of(pauses).most()));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
