package org.capataz.cli;

import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.text;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.ClusterInfo;
import org.capataz.client.NodeState;
import org.capataz.client.NodeStatus;
import org.capataz.model.JobState;

/// What is shown of a cluster.
final class ClusterNoun {

  /// A cluster with its nodes.
  ///
  /// @param jobs how many jobs that have not ended are in each state
  record Overview(ClusterInfo info, List<NodeStatus> nodes, Map<JobState, Long> jobs) {

    long usable() {
      return nodes.stream().filter(Overview::isUsable).count();
    }

    private static boolean isUsable(NodeStatus node) {
      return node.reachable() && node.state() == NodeState.ONLINE;
    }

    long cores() {
      return nodes.stream().mapToLong(node -> node.capacity().cores()).sum();
    }

    long busyCores() {
      return nodes.stream().mapToLong(node -> node.capacity().busyCores()).sum();
    }

    long jobs(JobState state) {
      return jobs.getOrDefault(state, 0L);
    }

    long allJobs() {
      return jobs.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  static final Noun<Overview> CLUSTER =
      new Noun<>(
          "clusters",
          cluster -> cluster.info().uuid().toString(),
          List.of(
              new Field<>("name", cluster -> Value.of(cluster.info().name())),
              new Field<>("uuid", cluster -> Value.of(cluster.info().uuid().toString())),
              new Field<>("version", cluster -> Value.of(cluster.info().version())),
              new Field<>("epoch", cluster -> Value.of(cluster.info().epoch())),
              new Field<>("nodeCounts.total", cluster -> Value.of(cluster.nodes().size())),
              new Field<>("nodeCounts.usable", cluster -> Value.of(cluster.usable())),
              new Field<>("coreCounts.total", cluster -> Value.of(cluster.cores())),
              new Field<>("coreCounts.busy", cluster -> Value.of(cluster.busyCores())),
              new Field<>(
                  "jobCounts.configuring", cluster -> Value.of(cluster.jobs(JobState.CONFIGURING))),
              new Field<>("jobCounts.queued", cluster -> Value.of(cluster.jobs(JobState.QUEUED))),
              new Field<>("jobCounts.running", cluster -> Value.of(cluster.jobs(JobState.RUNNING))),
              new Field<>("jobCounts.active", cluster -> Value.of(cluster.allJobs()))),
          List.of(),
          List.of(
              key("Name", cluster -> cluster.info().name()),
              key("UUID", cluster -> cluster.info().uuid().toString()),
              key("Version", cluster -> cluster.info().version()),
              key("Nodes", cluster -> cluster.nodes().size() + ", " + cluster.usable() + " usable"),
              key("Cores", cluster -> cluster.cores() + ", " + cluster.busyCores() + " busy"),
              text("Jobs", ClusterNoun::jobs)));

  private ClusterNoun() {}

  private static String jobs(Overview cluster) {
    return cluster.allJobs() == 0
        ? "none active"
        : cluster.jobs().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
  }
}
