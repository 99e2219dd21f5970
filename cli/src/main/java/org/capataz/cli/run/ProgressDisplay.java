package org.capataz.cli.run;

import java.time.Duration;
import java.time.Instant;
import org.capataz.cli.terminal.Streams;
import org.capataz.client.JobStatus;

/// Shows on standard error how far a job is: on a terminal one line that is drawn over, elsewhere a
/// line now and then.
public final class ProgressDisplay {

  /// Between two drawings of the line on a terminal.
  static final Duration FRAME = Duration.ofMillis(100);

  private static final Duration LEAST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int STEP_PERCENT = 10;
  private static final String START_OF_LINE = "\r\u001b[K";

  private final Streams streams;
  private final boolean drawn;
  private final int width;
  private final Instant begin;
  private Instant last;
  private int lastStep;
  private boolean lineOpen;

  public ProgressDisplay(Streams streams, Instant begin) {
    this.streams = streams;
    this.drawn = streams.terminal().showsErrors();
    this.width = drawn ? streams.terminal().width() - 1 : 0;
    this.begin = begin;
    this.last = begin;
  }

  /// How often [#show] is worth calling.
  Duration interval() {
    return drawn ? FRAME : Duration.ofSeconds(1);
  }

  /// Shows the job as it is now, unless that was done just before.
  void show(JobStatus job, Instant now) {
    var pause = Duration.between(last, now);
    if (drawn) {
      if (pause.compareTo(FRAME) >= 0) {
        last = now;
        lineOpen = true;
        streams.err().print(START_OF_LINE + Progress.withBar(job, begin, now, width));
        streams.err().flush();
      }
      return;
    }
    var step = Progress.percent(job.taskCounts()) / STEP_PERCENT;
    if (pause.compareTo(LONGEST_PAUSE) >= 0
        || (step > lastStep && pause.compareTo(LEAST_PAUSE) >= 0)) {
      last = now;
      lastStep = step;
      streams.say(Progress.plain(job, begin, now));
    }
  }

  /// Says something between two drawings.
  void say(String message) {
    clear();
    streams.say(message);
  }

  /// Takes the line away.
  void clear() {
    if (lineOpen) {
      streams.err().print(START_OF_LINE);
      streams.err().flush();
      lineOpen = false;
    }
  }
}
