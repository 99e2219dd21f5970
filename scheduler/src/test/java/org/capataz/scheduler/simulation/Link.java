package org.capataz.scheduler.simulation;

import java.util.List;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;

/// A connection between a machine and a head node: an ordered stream each way. Messages take their
/// time, and may come twice; reports, which say all that there is to say of their attempts, may
/// overtake one another. After a cut some of what is under way still arrives, and the rest is lost;
/// each end notices in its own time.
final class Link {

  private static final long SLOWEST = 30_000;

  private final Timeline timeline;
  private final Faults faults;
  private final Head head;
  private final Machine machine;
  private boolean cut;
  private long openToHead = Long.MAX_VALUE;
  private long openToNode = Long.MAX_VALUE;
  private long stalledUntil;
  private long lastToHead;
  private long lastToNode;

  Link(Timeline timeline, Faults faults, Head head, Machine machine) {
    this.timeline = timeline;
    this.faults = faults;
    this.head = head;
    this.machine = machine;
  }

  boolean isCut() {
    return cut;
  }

  /// The machine's first message.
  void hello(Command.ConnectNode hello) {
    lastToHead = timeline.now() + timeline.delay(SLOWEST);
    timeline.in(
        lastToHead - timeline.now(),
        () -> {
          if (!cut) {
            head.connect(hello, this);
          }
        });
  }

  void report(AttemptReport report) {
    if (mayBreak()) {
      return;
    }
    var arrival = Math.max(lastToHead, timeline.now() + timeline.delay(SLOWEST));
    if (!timeline.chance(faults.overtake())) {
      lastToHead = arrival;
    } else {
      arrival += timeline.delay(SLOWEST);
    }
    toHead(arrival, report);
    if (timeline.chance(faults.repeat())) {
      toHead(arrival + timeline.delay(100 * SLOWEST), report);
    }
  }

  private void toHead(long arrival, AttemptReport report) {
    timeline.in(
        arrival - timeline.now(),
        () -> {
          if (timeline.now() <= openToHead) {
            head.report(this, List.of(report));
          }
        });
  }

  void order(Order order) {
    if (isStalled()) {
      late(() -> machine.take(this, order));
    }
    if (mayBreak()) {
      return;
    }
    lastToNode = Math.max(lastToNode, timeline.now() + timeline.delay(SLOWEST));
    var times = timeline.chance(faults.repeat()) ? 2 : 1;
    for (var i = 0; i < times; i++) {
      toNode(() -> machine.take(this, order));
    }
  }

  private void toNode(Runnable message) {
    timeline.in(
        lastToNode - timeline.now(),
        () -> {
          if (timeline.now() <= openToNode) {
            message.run();
          } else if (isStalled()) {
            late(message);
          }
        });
  }

  private boolean isStalled() {
    return timeline.now() < stalledUntil;
  }

  private void late(Runnable message) {
    timeline.in(stalledUntil - timeline.now(), message);
  }

  /// The machine says that it lives.
  void beat() {
    if (mayBreak()) {
      return;
    }
    var sent = timeline.now();
    lastToHead = Math.max(lastToHead, timeline.now() + timeline.delay(SLOWEST));
    timeline.in(
        lastToHead - timeline.now(),
        () -> {
          if (timeline.now() <= openToHead) {
            head.beat(this, sent);
          }
        });
  }

  /// The head node has the machine for connected.
  void answer(long sent) {
    if (isStalled()) {
      late(() -> machine.answered(this, sent));
    }
    if (!mayBreak()) {
      lastToNode = Math.max(lastToNode, timeline.now() + timeline.delay(SLOWEST));
      toNode(() -> machine.answered(this, sent));
    }
  }

  private boolean mayBreak() {
    if (!cut && timeline.chance(faults.cut())) {
      cut();
    }
    return cut;
  }

  void cut() {
    if (!cut) {
      cut = true;
      openToHead = timeline.now() + timeline.delay(SLOWEST);
      openToNode = timeline.now() + timeline.delay(SLOWEST);
      timeline.in(timeline.delay(2_000_000), () -> head.leave(this));
      timeline.in(timeline.delay(2_000_000), () -> machine.lost(this));
    }
  }

  /// The connection breaks and the machine's agent stands still: it takes what is under way, and
  /// what the head node says before it notices, long after, and only then notices.
  void stall(long time) {
    beat();
    if (!cut) {
      cut = true;
      openToHead = timeline.now() + SLOWEST;
      openToNode = timeline.now();
      stalledUntil = timeline.now() + time;
      timeline.in(timeline.delay(20_000_000), () -> head.leave(this));
      timeline.in(time + 1 + timeline.delay(2_000_000), () -> machine.lost(this));
    }
  }
}
