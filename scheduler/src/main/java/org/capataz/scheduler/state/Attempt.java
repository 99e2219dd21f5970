package org.capataz.scheduler.state;

import java.util.ArrayList;
import java.util.List;
import org.capataz.model.AttemptId;
import org.capataz.model.ExitCodes;
import org.capataz.model.Limits;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.life.AttemptLife;

/// A run of one instance between dispatch and recorded end.
public final class Attempt {
  private final AttemptId id;
  private final int ordinal;
  private final List<Placement> placements;
  private final int rerunAfter;
  private final long dispatchTime;
  private AttemptLife life;

  Attempt(
      AttemptId id,
      int ordinal,
      List<Placement> placements,
      int rerunAfter,
      long dispatchTime,
      AttemptLife life) {
    this.id = id;
    this.ordinal = ordinal;
    this.placements = List.copyOf(placements);
    this.rerunAfter = rerunAfter;
    this.dispatchTime = dispatchTime;
    this.life = life;
  }

  public AttemptId id() {
    return id;
  }

  public int job() {
    return id.instance().job();
  }

  public int task() {
    return id.instance().task();
  }

  public int ordinal() {
    return ordinal;
  }

  public int number() {
    return id.number();
  }

  /// Where it holds cores; the command runs on the first one's node.
  public List<Placement> placements() {
    return placements;
  }

  /// The node that its command runs on.
  public int leadNode() {
    return placements.getFirst().node();
  }

  /// The nodes where something of it may run: those of its placements, less those that have said
  /// that it is over there.
  public List<Integer> nodes() {
    return life instanceof AttemptLife.Closing closing
        ? closing.left()
        : placements.stream().map(Placement::node).toList();
  }

  /// Whether one of its placements is on this node.
  public boolean hasPlacementOn(int node) {
    return placements.stream().anyMatch(placement -> placement.node() == node);
  }

  /// What it will have come to when this part of it has ended too.
  ///
  /// @param valid exit codes that say that all went well
  public AttemptEnd endAfter(int node, AttemptEnd end, ExitCodes valid) {
    return placements.size() == 1 ? end : closing(node, end, valid, List.of()).end();
  }

  private AttemptLife.Closing closing(
      int node, AttemptEnd end, ExitCodes valid, List<Integer> left) {
    return (AttemptLife.Closing)
        life.after(new AttemptLife.Step.EndPart(part(node, end, valid), end, left));
  }

  private AttemptLife.Part part(int node, AttemptEnd end, ExitCodes valid) {
    if (node == leadNode()) {
      return end.isSuccess(valid) ? AttemptLife.Part.GOOD_COMMAND : AttemptLife.Part.COMMAND;
    }
    var didWell = life instanceof AttemptLife.Closing closing && closing.end().isSuccess(valid);
    return end.reason().isNodeLimit() && !didWell ? AttemptLife.Part.CAUSE : AttemptLife.Part.OTHER;
  }

  public int cores() {
    return Placement.cores(placements);
  }

  /// Whether it holds nothing yet, for others have to end before it begins.
  public boolean isBehind() {
    return life.isBehind();
  }

  /// Attempts in the same lane run one after the other, in the order in which they were dispatched:
  /// those of one grant with the same lowest core. 0 for one on several nodes.
  public long lane() {
    var first = placements.getFirst();
    return placements.size() > 1 || first.cores().isEmpty()
        ? 0
        : first.grant() * Limits.CORES + first.cores().lowest();
  }

  /// Seconds for which one of its nodes must have been out of reach before it counts as ended
  /// there; 0 for never.
  public int rerunAfter() {
    return rerunAfter;
  }

  /// How long it may run on a node after that last heard of the head node, in microseconds; 0 for
  /// no limit. As long again has the node to end it.
  public long leaseMicros() {
    return rerunAfter * 500_000L;
  }

  public long dispatchTime() {
    return dispatchTime;
  }

  public AttemptLife life() {
    return life;
  }

  void step(AttemptLife.Step step) {
    life = life.after(step);
  }

  void endPart(int node, AttemptEnd end, ExitCodes valid) {
    var left = new ArrayList<>(nodes());
    left.removeIf(other -> other == node);
    life = closing(node, end, valid, left);
  }
}
