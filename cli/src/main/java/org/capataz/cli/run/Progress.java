package org.capataz.cli.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.capataz.cli.output.Durations;
import org.capataz.client.JobStatus;
import org.capataz.client.TaskCounts;

/// How far a job is, in one line.
final class Progress {

  private static final int WIDEST_BAR = 30;
  private static final int NARROWEST_BAR = 5;

  private Progress() {}

  /// Whole per cent of the instances to which nothing more will happen.
  static int percent(TaskCounts counts) {
    return counts.total() == 0 ? 0 : (int) (counts.ended() * 100 / counts.total());
  }

  /// The line with a bar, no longer than `width`.
  static String withBar(JobStatus job, Instant begin, Instant now, int width) {
    var text = plain(job, begin, now);
    var room = Math.min(Math.min(WIDEST_BAR, width / 5), width - text.length() - 3);
    if (room >= NARROWEST_BAR) {
      var full =
          job.taskCounts().total() == 0
              ? 0
              : (int) (job.taskCounts().ended() * room / job.taskCounts().total());
      text = "[" + "#".repeat(full) + "-".repeat(room - full) + "] " + text;
    }
    return text.length() <= width ? text : text.substring(0, Math.max(0, width));
  }

  /// `45%: 12 queued, 4 running, 180 finished, 1 failed, 12s, about 14s left`.
  static String plain(JobStatus job, Instant begin, Instant now) {
    var counts = job.taskCounts();
    var parts = new ArrayList<String>();
    part(parts, counts.queued(), "queued");
    part(parts, counts.running(), "running");
    part(parts, counts.finished(), "finished");
    part(parts, counts.failed(), "failed");
    part(parts, counts.canceled(), "canceled");
    var elapsed = Duration.between(job.times().start().orElse(begin), now);
    parts.add(Durations.shown(Duration.ofSeconds(Math.max(0, elapsed.toSeconds()))));
    var left = left(counts, elapsed);
    if (left.isPositive()) {
      parts.add("about " + Durations.shown(Duration.ofSeconds(left.toSeconds())) + " left");
    }
    return percent(counts) + "%: " + String.join(", ", parts);
  }

  /// What is left to do at the pace so far; zero where there is none yet, or nothing left.
  private static Duration left(TaskCounts counts, Duration elapsed) {
    var ended = counts.ended();
    if (ended == 0 || ended == counts.total() || elapsed.toSeconds() < 1) {
      return Duration.ZERO;
    }
    var seconds = elapsed.toMillis() / 1000.0 * (counts.total() - ended) / ended;
    return Duration.ofSeconds((long) Math.ceil(seconds));
  }

  private static void part(List<String> parts, long count, String state) {
    if (count > 0) {
      parts.add(count + " " + state);
    }
  }
}
