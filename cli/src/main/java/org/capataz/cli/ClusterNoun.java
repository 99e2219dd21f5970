package org.capataz.cli;

import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.text;

import java.util.Arrays;
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
  record Overview(ClusterInfo info, List<NodeStatus> nodes) {

    long nodes(NodeState state) {
      return nodes.stream().filter(node -> node.state() == state).count();
    }

    long unreachable() {
      return nodes.stream().filter(node -> !node.reachable()).count();
    }

    /// Cores of nodes that take no work.
    long awayCores() {
      return nodes.stream()
          .filter(node -> !isUsable(node))
          .mapToLong(node -> node.capacity().cores())
          .sum();
    }

    long idleCores() {
      return nodes.stream()
          .filter(Overview::isUsable)
          .mapToLong(node -> Math.max(0, node.capacity().cores() - node.capacity().busyCores()))
          .sum();
    }

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
      return info.jobs().getOrDefault(state, 0L);
    }

    long activeJobs() {
      return info.jobs().entrySet().stream()
          .filter(count -> !count.getKey().isEnd())
          .mapToLong(Map.Entry::getValue)
          .sum();
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
              new Field<>(
                  "nodeCounts.online", cluster -> Value.of(cluster.nodes(NodeState.ONLINE))),
              new Field<>(
                  "nodeCounts.draining", cluster -> Value.of(cluster.nodes(NodeState.DRAINING))),
              new Field<>(
                  "nodeCounts.offline", cluster -> Value.of(cluster.nodes(NodeState.OFFLINE))),
              new Field<>("nodeCounts.unreachable", cluster -> Value.of(cluster.unreachable())),
              new Field<>("coreCounts.total", cluster -> Value.of(cluster.cores())),
              new Field<>("coreCounts.busy", cluster -> Value.of(cluster.busyCores())),
              new Field<>("coreCounts.idle", cluster -> Value.of(cluster.idleCores())),
              new Field<>("coreCounts.offline", cluster -> Value.of(cluster.awayCores())),
              jobCount("configuring", JobState.CONFIGURING),
              jobCount("submitted", JobState.SUBMITTED),
              jobCount("validating", JobState.VALIDATING),
              jobCount("externalValidation", JobState.EXTERNAL_VALIDATION),
              jobCount("queued", JobState.QUEUED),
              jobCount("running", JobState.RUNNING),
              jobCount("finishing", JobState.FINISHING),
              jobCount("canceling", JobState.CANCELING),
              jobCount("finished", JobState.FINISHED),
              jobCount("failed", JobState.FAILED),
              jobCount("canceled", JobState.CANCELED),
              new Field<>("jobCounts.active", cluster -> Value.of(cluster.activeJobs()))),
          List.of(),
          List.of(
              key("Name", cluster -> cluster.info().name()),
              key("UUID", cluster -> cluster.info().uuid().toString()),
              key("Version", cluster -> cluster.info().version()),
              text("Nodes", ClusterNoun::nodes),
              text("Cores", ClusterNoun::cores),
              text("Jobs", ClusterNoun::jobs)));

  private ClusterNoun() {}

  private static Field<Overview> jobCount(String name, JobState state) {
    return new Field<>("jobCounts." + name, cluster -> Value.of(cluster.jobs(state)));
  }

  private static String nodes(Overview cluster) {
    return parts(
        cluster.nodes().size(),
        counted(cluster.usable(), "usable"),
        counted(cluster.nodes(NodeState.DRAINING), "draining"),
        counted(cluster.nodes(NodeState.OFFLINE), "offline"),
        counted(cluster.unreachable(), "unreachable"));
  }

  private static String cores(Overview cluster) {
    return parts(
        cluster.cores(),
        counted(cluster.busyCores(), "busy"),
        counted(cluster.idleCores(), "idle"),
        counted(cluster.awayCores(), "on nodes that take no work"));
  }

  private static String jobs(Overview cluster) {
    return parts(
        cluster.info().jobs().values().stream().mapToLong(Long::longValue).sum(),
        cluster.info().jobs().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(count -> counted(count.getValue(), count.getKey().toString()))
            .toArray(String[]::new));
  }

  private static String counted(long count, String what) {
    return count == 0 ? "" : count + " " + what;
  }

  /// `4: 3 usable, 1 offline`.
  private static String parts(long all, String... parts) {
    var shown =
        Arrays.stream(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    return all + (shown.isEmpty() ? "" : ": " + shown);
  }
}
