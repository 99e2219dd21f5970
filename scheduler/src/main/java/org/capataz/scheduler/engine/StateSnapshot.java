package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.capataz.model.Demand;
import org.capataz.model.Priority;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.policy.Snapshot;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.Task;

/// The cluster's state as a policy sees it: derived as it is read, so that a pass which can start
/// nothing looks at little.
final class StateSnapshot implements Snapshot {

  private final ClusterState state;

  StateSnapshot(ClusterState state) {
    this.state = state;
  }

  @Override
  public Iterable<Claim> claims() {
    return () -> {
      var stalled = state.running().stream().filter(StateSnapshot::isStalled).toList();
      return merge(stalled.iterator(), state.queued().iterator());
    };
  }

  @Override
  public Iterable<Claim> growing() {
    return () ->
        state.running().stream()
            .filter(job -> job.live() > 0 && !job.runnable().isEmpty())
            .filter(job -> job.grantedCores() < job.spec().cores().max())
            .map(StateSnapshot::claim)
            .iterator();
  }

  @Override
  public List<Free> free() {
    return state.nodes().stream()
        .filter(Node::usable)
        .map(node -> new Free(node.id(), node.free().size(), node.freeMemoryMb()))
        .filter(free -> free.cores() > 0)
        .toList();
  }

  @Override
  public int reclaimable(Priority priority) {
    return state.running().stream()
        .filter(job -> job.priority().compareTo(priority) <= 0)
        .mapToInt(job -> Math.max(0, job.grantedCores() - job.spec().cores().min()))
        .sum();
  }

  @Override
  public boolean couldEverHold(Claim claim) {
    var next = claim.pieces().iterator().next().demand();
    return state.nodes().isEmpty()
        || (coresOfNodesWith(state, 0) >= claim.cores().min()
            && coresOfNodesWith(state, next.memoryMb()) >= next.cores().min());
  }

  /// Cores that the nodes with at least so much memory offer, busy or not.
  static long coresOfNodesWith(ClusterState state, int memoryMb) {
    return state.nodes().stream()
        .map(Node::offer)
        .filter(offer -> offer.memoryMb() >= memoryMb)
        .mapToLong(NodeOffer::cores)
        .sum();
  }

  @Override
  public boolean fitsOneNode(Demand demand) {
    return fitsOneNode(state, demand);
  }

  static boolean fitsOneNode(ClusterState state, Demand demand) {
    return state.nodes().stream()
        .anyMatch(
            node ->
                node.offer().cores() >= demand.cores().min()
                    && node.offer().memoryMb() >= demand.memoryMb());
  }

  /// A running job of which nothing runs though something could: it holds what it cannot use.
  private static boolean isStalled(Job job) {
    return job.live() == 0 && !job.runnable().isEmpty();
  }

  private static Claim claim(Job job) {
    Iterable<Piece> pieces =
        () -> job.runnable().stream().map(number -> piece(job.task(number))).iterator();
    return new Claim(job.id(), job.priority(), job.grantedCores(), job.spec().cores(), pieces);
  }

  private static Piece piece(Task task) {
    return new Piece(task.spec().demand(), task.pending().size(), !task.spec().isSweep());
  }

  /// The jobs of two sequences that are each in queue order, in queue order.
  private Iterator<Claim> merge(Iterator<Job> running, Iterator<Job> queued) {
    if (!running.hasNext()) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return queued.hasNext();
        }

        @Override
        public Claim next() {
          return claim(queued.next());
        }
      };
    }
    var all = new ArrayList<Job>();
    running.forEachRemaining(all::add);
    queued.forEachRemaining(all::add);
    all.sort(state.running().comparator());
    return all.stream().map(StateSnapshot::claim).iterator();
  }
}
