package org.capataz.model;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which nodes a job may be given. Names of nodes and groups are matched in any case.
///
/// @param requested the only candidates; all nodes if empty
/// @param groups the node groups that candidates are looked for in; every node if empty
/// @param cores what a candidate offers at least and at most
/// @param memoryMb what a candidate offers at least and at most
public record NodeFilter(
    SortedSet<String> requested,
    SortedSet<String> excluded,
    List<String> groups,
    GroupOp groupOp,
    Bounds cores,
    Bounds memoryMb) {

  /// Every node.
  public static final NodeFilter ANY =
      new NodeFilter(
          names(List.of()),
          names(List.of()),
          List.of(),
          GroupOp.INTERSECT,
          Bounds.NONE,
          Bounds.NONE);

  public NodeFilter {
    groups = List.copyOf(groups);
  }

  /// How several groups go together.
  public enum GroupOp {
    /// A node has to be in all of them.
    INTERSECT("Intersect"),
    /// All nodes of the job come from one group; the groups are tried in order.
    UNIFORM("Uniform"),
    /// A node has to be in one of them.
    UNION("Union");

    private final String modelName;

    GroupOp(String modelName) {
      this.modelName = modelName;
    }

    /// Reads the model's name, in any case; nothing stands for Intersect.
    public static Result<GroupOp> parse(String text) {
      if (text.isBlank()) {
        return Result.ok(INTERSECT);
      }
      for (var op : values()) {
        if (op.modelName.equalsIgnoreCase(text.strip())) {
          return Result.ok(op);
        }
      }
      return Result.invalid(
          "expected Intersect, Uniform or Union, but got '" + Text.shown(text) + "'");
    }

    @Override
    public String toString() {
      return modelName;
    }
  }

  /// A range, its ends included.
  public record Bounds(int min, int max) {

    public static final Bounds NONE = new Bounds(0, Integer.MAX_VALUE);

    public boolean admits(int value) {
      return value >= min && value <= max;
    }
  }

  /// A set of names, without regard to case.
  static SortedSet<String> names(Collection<String> names) {
    var set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    set.addAll(names);
    return Collections.unmodifiableSortedSet(set);
  }

  /// Whether all nodes are alike to it.
  public boolean isAny() {
    return requested.isEmpty()
        && excluded.isEmpty()
        && groups.isEmpty()
        && cores.equals(Bounds.NONE)
        && memoryMb.equals(Bounds.NONE);
  }

  /// Whether a node is a candidate. Where the groups are tried one after the other, whether it is
  /// in any of them.
  public boolean admits(NodeTraits node) {
    return (requested.isEmpty() || requested.contains(node.name()))
        && !excluded.contains(node.name())
        && cores.admits(node.topology().cores())
        && memoryMb.admits(node.memoryMb())
        && admitsGroups(node);
  }

  private boolean admitsGroups(NodeTraits node) {
    return groups.isEmpty()
        || switch (groupOp) {
          case INTERSECT -> groups.stream().allMatch(node::isIn);
          case UNIFORM, UNION -> groups.stream().anyMatch(node::isIn);
        };
  }

  /// The filters to try one after the other, each of which all nodes of the job have to pass.
  public List<NodeFilter> alternatives() {
    return groupOp != GroupOp.UNIFORM || groups.size() < 2
        ? List.of(this)
        : groups.stream()
            .map(
                group ->
                    new NodeFilter(requested, excluded, List.of(group), groupOp, cores, memoryMb))
            .toList();
  }
}
