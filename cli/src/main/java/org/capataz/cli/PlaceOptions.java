package org.capataz.cli;

import java.util.regex.Pattern;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Megabytes;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which nodes a job may be given, and what it holds there.
final class PlaceOptions {

  private static final Pattern RANGE =
      Pattern.compile("([^-]*)(?:-([^-]*))?", Pattern.UNICODE_CHARACTER_CLASS);

  @Option(
      names = "--requestednodes",
      paramLabel = "NODE,...",
      description = "The only nodes that the job may be given. Default: all.")
  private @Nullable String requestedNodes;

  @Option(
      names = "--excludednodes",
      paramLabel = "NODE,...",
      description = "Nodes that the job may not be given, at most 10.")
  private @Nullable String excludedNodes;

  @Option(
      names = "--nodegroup",
      paramLabel = "GROUP,...",
      description = "Node groups that the job's nodes are taken from.")
  private @Nullable String nodeGroup;

  @Option(
      names = "--nodegroupop",
      paramLabel = "OP",
      description =
          "How several groups go together: Intersect (a node is in all of them), Uniform (all nodes"
              + " from one group) or Union. Default: Intersect.")
  private @Nullable String nodeGroupOp;

  @Option(
      names = "--singlenode",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether all that the job holds is on one node. Default: false.")
  private @Nullable Boolean singleNode;

  @Option(
      names = "--exclusive",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether no other job may be on the job's nodes. Default: false.")
  private @Nullable Boolean exclusive;

  @Option(
      names = "--orderby",
      paramLabel = "ORDER",
      description =
          "Which nodes come first: those with most Cores or Memory, or least (-Cores, -Memory); two"
              + " with a comma between. Default: those with most free cores.")
  private @Nullable String orderBy;

  @Option(
      names = "--corespernode",
      paramLabel = "MIN[-MAX]",
      description = "Cores that each of the job's nodes has.")
  private @Nullable String coresPerNode;

  @Option(
      names = "--memorypernode",
      paramLabel = "MIN[-MAX]",
      description = "Memory that each of the job's nodes has, in megabytes, or as 512M or 4G.")
  private @Nullable String memoryPerNode;

  @Option(
      names = "--estimatedprocessmemory",
      paramLabel = "MB",
      description =
          "Memory that each process needs, of which a run has one for each core (socket, node,"
              + " GPU).")
  private @Nullable String processMemory;

  @Option(
      names = "--license",
      paramLabel = "FEATURE:N,...",
      description =
          "Licences that the job holds while it runs; * for N is the job's minimum. How many there"
              + " are is the cluster parameter Licenses.")
  private @Nullable String license;

  /// The draft with what was said here.
  JobDraft on(JobDraft draft) {
    var changed = with(draft, JobProperty.REQUESTED_NODES, requestedNodes);
    changed = with(changed, JobProperty.EXCLUDED_NODES, excludedNodes);
    changed = with(changed, JobProperty.NODE_GROUPS, nodeGroup);
    changed = with(changed, JobProperty.NODE_GROUP_OP, nodeGroupOp);
    changed = with(changed, JobProperty.ORDER_BY, orderBy);
    changed = with(changed, JobProperty.SOFTWARE_LICENSE, license);
    changed = flag(changed, JobProperty.SINGLE_NODE, singleNode);
    changed = flag(changed, JobProperty.IS_EXCLUSIVE, exclusive);
    if (coresPerNode != null) {
      var range = range(coresPerNode, "--corespernode");
      changed = with(changed, JobProperty.MIN_CORES_PER_NODE, range[0]);
      changed = with(changed, JobProperty.MAX_CORES_PER_NODE, range[1]);
    }
    if (memoryPerNode != null) {
      var range = range(memoryPerNode, "--memorypernode");
      changed = with(changed, JobProperty.MIN_MEMORY, megabytes(range[0], "--memorypernode"));
      changed = with(changed, JobProperty.MAX_MEMORY, megabytes(range[1], "--memorypernode"));
    }
    return with(
        changed,
        JobProperty.ESTIMATED_PROCESS_MEMORY,
        megabytes(processMemory, "--estimatedprocessmemory"));
  }

  private static JobDraft with(JobDraft draft, JobProperty property, @Nullable String value) {
    return value == null ? draft : draft.with(property, value);
  }

  private static JobDraft flag(JobDraft draft, JobProperty property, @Nullable Boolean value) {
    return value == null ? draft : draft.with(property, value.toString());
  }

  private static @Nullable String megabytes(@Nullable String text, String option) {
    return text == null ? null : Integer.toString(Accepted.value(Megabytes.parse(text).in(option)));
  }

  /// Least and most; the latter null where it is not given.
  private static @Nullable String[] range(String text, String option) {
    var match = RANGE.matcher(text);
    if (!match.matches() || match.group(1).isBlank()) {
      return Accepted.value(
          Result.<String[]>invalid(
                  "expected a range such as 4 or 4-16, but got '" + Text.shown(text) + "'")
              .in(option));
    }
    return new @Nullable String[] {match.group(1), match.group(2)};
  }
}
