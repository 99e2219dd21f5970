package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Node;

/// Nodes that are out of reach, and the attempts there that end for it.
///
/// An attempt with a lease has been ended by its node once the node has been out of reach for as
/// long as [Attempt#rerunAfter] says: half of that after the node last heard of the head node the
/// lease ends, and the rest is for ending the attempt. What is counted begins no earlier than this
/// engine, which cannot know what an earlier one told whom, and begins anew when the clock was set.
final class Absences {

  private static final long UNKNOWN = -1;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final ClusterState state;
  private final NodeReports reports;
  private final Map<Integer, Long> since = new HashMap<>();
  private long start = UNKNOWN;

  /// When the first attempt ends; -1 if that is to be looked up.
  private long next = UNKNOWN;

  Absences(ClusterState state, NodeReports reports) {
    this.state = state;
    this.reports = reports;
  }

  /// A node came or went.
  void heard(Event.NodeReachability event) {
    if (event.reachable()) {
      since.remove(event.node());
    } else {
      since.put(event.node(), event.time());
    }
    next = UNKNOWN;
  }

  /// Nothing that was counted until now counts.
  void beginAnew(long now) {
    since.clear();
    start = now;
    next = UNKNOWN;
  }

  /// Ends what is due, and says where something was.
  List<Node> endOverdue(long now) {
    if (start == UNKNOWN) {
      beginAnew(now);
    }
    if (next != UNKNOWN && next > now) {
      return List.of();
    }
    var found = new ArrayList<Node>();
    for (var node : state.nodes()) {
      var overdue = leased(node, end -> end <= now);
      if (!overdue.isEmpty()) {
        overdue.forEach(attempt -> reports.outlast(attempt, node, now));
        found.add(node);
      }
    }
    next = nextEnd();
    return found;
  }

  /// When [#endOverdue] has something to do; the end of time if never.
  long nextWakeup() {
    return start == UNKNOWN ? Long.MAX_VALUE : next == UNKNOWN ? nextEnd() : next;
  }

  private long nextEnd() {
    return state.nodes().stream()
        .flatMap(node -> leased(node, end -> true).stream().map(attempt -> end(attempt, node)))
        .min(Long::compare)
        .orElse(Long.MAX_VALUE);
  }

  private List<Attempt> leased(Node node, LongPredicate ends) {
    return node.reachable()
        ? List.of()
        : node.attempts().stream()
            .filter(attempt -> attempt.rerunAfter() > 0 && ends.test(end(attempt, node)))
            .toList();
  }

  private long end(Attempt attempt, Node node) {
    return since.getOrDefault(node.id(), start) + attempt.rerunAfter() * MICROS_PER_SECOND;
  }
}
