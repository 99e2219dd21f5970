package org.capataz.headnode.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.capataz.headnode.view.JobView;
import org.capataz.headnode.view.NodeView;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterParameter;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskSpec;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.Engine;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;

/// What one batch means for everybody else, once it has been committed: which views change, and
/// what which node has to do. What nodes have to do is read off the state; events only say where to
/// look.
final class Release {

  private final ClusterState state;
  private final Engine engine;
  private final Map<Integer, Connection> connections;
  private final Set<Integer> jobs = new LinkedHashSet<>();
  private final Set<Integer> nodes = new LinkedHashSet<>();
  private final Map<Integer, ForNode> orders = new LinkedHashMap<>();

  private static final class ForNode {
    private final Set<Attempt> attempts = new LinkedHashSet<>();
    private final List<AttemptId> over = new ArrayList<>();
    private final List<AttemptId> alive = new ArrayList<>();
  }

  Release(ClusterState state, Engine engine, Map<Integer, Connection> connections) {
    this.state = state;
    this.engine = engine;
    this.connections = connections;
  }

  /// A node told of its attempts: what has ended and is committed, it may forget.
  void reported(Command.Report report) {
    over(report.node(), report.attempts());
  }

  /// A node connected: it is told all that is due there.
  void connected(int node, Command.ConnectNode command) {
    over(node, command.attempts());
    for (var report : command.attempts()) {
      if (!(report instanceof AttemptReport.Ended)) {
        orders(node).alive.add(report.attempt());
      }
    }
    var at = state.node(node);
    if (at != null) {
      orders(node).attempts.addAll(at.attempts());
    }
  }

  private void over(int node, List<AttemptReport> reports) {
    for (var report : reports) {
      if (report instanceof AttemptReport.Ended ended) {
        orders(node).over.add(ended.attempt());
      }
    }
  }

  void add(Event event) {
    switch (event) {
      case Event.OfJob ofJob -> {
        jobs.add(ofJob.job());
        addOrders(ofJob);
      }
      case Event.OfNode ofNode -> nodes.add(ofNode.node());
      case Event.OfCluster c -> {}
      case Event.NodeReachability(var node, var reachable, var time) -> nodes.add(node);
    }
  }

  /// The jobs that are no more.
  Collection<Integer> deletedJobs() {
    return jobs.stream().filter(id -> state.job(id) == null).toList();
  }

  private void addOrders(Event.OfJob event) {
    switch (event) {
      case Event.AttemptDispatched e -> look(e.job(), e.task(), e.ordinal());
      case Event.AttemptStopping e -> look(e.job(), e.task(), e.ordinal());
      case Event.AttemptRecalled e -> look(e.job(), e.task(), e.ordinal());
      case Event.AttemptPartEnded e -> look(e.job(), e.task(), e.ordinal());
      case Event.GrantOpened e -> nodes.add(e.node());
      case Event.GrantResized e -> nodes.add(e.node());
      case Event.GrantClosed e -> nodes.add(e.node());
      case Event.OfJob e -> {}
    }
  }

  private void look(int id, int task, int ordinal) {
    var job = state.job(id);
    var attempt = job == null ? null : job.task(task).live(ordinal);
    if (attempt != null) {
      attempt.nodes().forEach(node -> orders(node).attempts.add(attempt));
    }
  }

  private ForNode orders(int node) {
    return orders.computeIfAbsent(node, ignored -> new ForNode());
  }

  Collection<JobView> jobViews() {
    var views = new ArrayList<JobView>(jobs.size());
    for (var id : jobs) {
      var job = state.job(id);
      if (job != null) {
        views.add(JobView.of(job));
      }
    }
    return views;
  }

  Collection<NodeView> nodeViews() {
    var views = new ArrayList<NodeView>(nodes.size());
    for (var id : nodes) {
      var node = state.node(id);
      if (node != null) {
        views.add(NodeView.of(node));
      }
    }
    return views;
  }

  /// Tells the nodes that are connected; the others are told when they connect.
  void send() {
    orders.forEach(
        (node, forNode) -> {
          var connection = connections.get(node);
          if (connection != null) {
            connection.order(resolve(node, forNode));
          }
        });
  }

  private Connection.Due resolve(int node, ForNode forNode) {
    var starts = new ArrayList<Connection.ToStart>();
    var stops = new ArrayList<Connection.ToStop>();
    var recalls = new ArrayList<AttemptId>();
    for (var attempt : forNode.attempts) {
      if (state.attempt(attempt.id()) == null || !attempt.nodes().contains(node)) {
        // It ended later in the same batch; started again now, it would run twice.
        continue;
      }
      switch (attempt.life()) {
        case AttemptLife.Dispatching d -> starts.add(start(attempt));
        case AttemptLife.Assigned a -> starts.add(start(attempt));
        case AttemptLife.Recalled r -> recalls.add(attempt.id());
        case AttemptLife.Stopping(var started, var stop) -> stops.add(toStop(attempt, stop));
        case AttemptLife.Closing closing -> stops.add(toStop(attempt, closing.order()));
        case AttemptLife.Running r -> {
          // The command runs; whether this other node knows that it may get more is not recorded.
          if (node != attempt.leadNode()) {
            starts.add(start(attempt));
          }
        }
      }
    }
    // The node was given up while it was away.
    forNode.alive.stream()
        .filter(id -> engine.isOver(id, node))
        .forEach(id -> stops.add(new Connection.ToStop(id, "its node was given up", 0)));
    var over = forNode.over.stream().filter(id -> engine.isOver(id, node)).toList();
    return new Connection.Due(starts, recalls, stops, over);
  }

  private Connection.ToStop toStop(Attempt attempt, AttemptLife.Step.Stop stop) {
    return new Connection.ToStop(attempt.id(), stop.message(), stop.force() ? 0 : graceMicros());
  }

  private long graceMicros() {
    return TimeUnit.SECONDS.toMicros(
        state.settings().number(ClusterParameter.TASK_CANCEL_GRACE_PERIOD));
  }

  private Connection.ToStart start(Attempt attempt) {
    var job = state.job(attempt.job());
    if (job == null) {
      throw new IllegalStateException("expected job " + attempt.job() + " to be known");
    }
    var task = job.task(attempt.task());
    return new Connection.ToStart(
        attempt,
        job.spec(),
        task.spec(),
        attempt.placements().stream().map(this::nodeName).toList(),
        limit(job, attempt, task.spec()),
        task.former(attempt.ordinal()).exitCode(),
        task.former(attempt.ordinal()).recalls(),
        state.settings());
  }

  private String nodeName(Placement placement) {
    var node = state.node(placement.node());
    return node == null ? "" : node.name();
  }

  /// The run's own limit, or what is left of its job's if that is less. A release has a limit of
  /// its own alone, for which the job's leaves room.
  private long limit(Job job, Attempt attempt, TaskSpec task) {
    var releases = task.kind() == TaskKind.NODE_RELEASE;
    var ownSeconds = releases ? state.releaseSeconds(job) : task.demand().runtimeSeconds();
    var own = ownSeconds == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toMicros(ownSeconds);
    var left =
        job.life() instanceof JobLife.Running && !releases && state.deadline(job) != Long.MAX_VALUE
            ? Math.max(1, state.deadline(job) - attempt.dispatchTime())
            : Long.MAX_VALUE;
    var limit = Math.min(own, left);
    return limit == Long.MAX_VALUE ? 0 : limit;
  }
}
