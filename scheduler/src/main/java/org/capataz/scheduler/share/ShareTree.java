package org.capataz.scheduler.share;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.capataz.model.FairShare;
import org.capataz.model.Share;
import org.capataz.model.Shares;

/// How projects and users stand in the tree of shares at one moment: what they may expect, what
/// they have used, and how near to the front their jobs belong.
///
/// The terms and formulas are Slurm's: `Classic` is its classic fair share without dampening, after
/// Kay and Lauder (1988); `FairTree` the Fair Tree algorithm of Cox and Morrison (2014), ties
/// included.
public final class ShareTree {

  /// A project or a user, with all that follows from shares and usage.
  ///
  /// @param of the root has neither a project nor a user
  /// @param depth how many are above it; 0 for the root
  /// @param shares as they were set
  /// @param normShares its part of what its siblings may expect together; of the whole under
  ///   `Classic`
  /// @param usage core seconds, faded; of a project with all that is below it
  /// @param effectiveUsage its part of what its siblings have used together; under `Classic` of the
  ///   whole, with its part of what its siblings have used
  /// @param levelFairShare what it may expect over what it has used, among its siblings; above 1 if
  ///   it has had less than its share, without end if it has used nothing
  /// @param fairShare from 0 to 1: 1 belongs to the front. Of projects empty under `FairTree`
  public record Node(
      Share.Of of,
      int depth,
      int shares,
      double normShares,
      double usage,
      double effectiveUsage,
      double levelFairShare,
      OptionalDouble fairShare) {

    /// The root, or a project.
    public boolean isProject() {
      return of.isProject();
    }
  }

  private static final class Branch {
    private final Share share;
    private final int depth;
    private final List<Branch> children = new ArrayList<>();
    private double usage;
    private double norm = 1;
    private double effective = 1;
    private double level = Double.POSITIVE_INFINITY;
    private double factor = Double.NaN;

    Branch(Share share, int depth) {
      this.share = share;
      this.depth = depth;
    }

    boolean isUser() {
      return !share.of().isProject();
    }

    Node node() {
      return new Node(
          share.of(),
          depth,
          share.shares(),
          norm,
          usage,
          effective,
          level,
          Double.isNaN(factor) ? OptionalDouble.empty() : OptionalDouble.of(factor));
    }
  }

  /// Higher first; of those that tie, users before projects.
  private static final Comparator<Branch> BY_LEVEL =
      Comparator.comparingDouble((Branch each) -> -each.level)
          .thenComparing(each -> !each.isUser());

  private static final Comparator<Share> BY_NAME =
      Comparator.comparing(
          share -> share.of().isProject() ? share.of().project() : share.of().user());

  private static final Share ROOT = new Share(new Share.Of("", ""), "", Share.ONE);

  private final List<Node> nodes = new ArrayList<>();
  private final Map<Share.Of, Double> factors = new HashMap<>();
  private int users;

  /// Of those that have not been given a rank, how many there are; and the rank given last.
  private int left;

  private int rank;

  private ShareTree(Branch root, FairShare algorithm) {
    count(root);
    switch (algorithm) {
      case CLASSIC -> classic(root);
      case FAIR_TREE -> {
        level(root);
        left = users;
        rank = users;
        rank(root.children, false);
      }
    }
    list(root);
  }

  /// How all stand.
  ///
  /// @param usage of users in their [places][Shares#place], in core seconds; who is not named, and
  ///   not in the tree, is not there
  public static ShareTree of(Shares shares, FairShare algorithm, Map<Share.Of, Double> usage) {
    var below = new HashMap<String, List<Share>>();
    shares.all().values().stream()
        .filter(share -> !share.of().equals(Share.EVERYBODY))
        .forEach(
            share ->
                below
                    .computeIfAbsent(
                        share.of().isProject() ? share.parent() : share.of().project(),
                        above -> new ArrayList<>())
                    .add(share));
    for (var of : usage.keySet()) {
      if (!shares.has(of)) {
        below.computeIfAbsent(of.project(), above -> new ArrayList<>()).add(Share.standard(of));
      }
    }
    below.values().forEach(siblings -> siblings.sort(BY_NAME));
    return new ShareTree(grown(ROOT, 0, below, usage), algorithm);
  }

  private static Branch grown(
      Share share, int depth, Map<String, List<Share>> below, Map<Share.Of, Double> usage) {
    var branch = new Branch(share, depth);
    if (branch.isUser()) {
      branch.usage = usage.getOrDefault(share.of(), 0.0);
      return branch;
    }
    for (var child : below.getOrDefault(share.of().project(), List.of())) {
      var grown = grown(child, depth + 1, below, usage);
      branch.children.add(grown);
      branch.usage += grown.usage;
    }
    return branch;
  }

  private void count(Branch branch) {
    users += branch.isUser() ? 1 : 0;
    branch.children.forEach(this::count);
  }

  private void list(Branch branch) {
    nodes.add(branch.node());
    if (branch.isUser()) {
      factors.put(branch.share.of(), branch.factor);
    }
    branch.children.forEach(this::list);
  }

  /// All of them, the root first, each followed by what is below it, projects and users by name.
  public List<Node> nodes() {
    return nodes;
  }

  /// The fair share of a user, 0 to 1; of one that is not there 1, as they have used nothing.
  public double factor(Share.Of place) {
    return factors.getOrDefault(place, 1.0);
  }

  private static double sumOfShares(Branch parent) {
    return parent.children.stream().mapToLong(child -> child.share.shares()).sum();
  }

  private static double part(double one, double all) {
    return all == 0 ? 0 : one / all;
  }

  private static double over(double expected, double used) {
    return expected == 0 ? 0 : used == 0 ? Double.POSITIVE_INFINITY : expected / used;
  }

  // Fair Tree.

  private static void level(Branch parent) {
    var shares = sumOfShares(parent);
    for (var child : parent.children) {
      child.norm = part(child.share.shares(), shares);
      child.effective = part(child.usage, parent.usage);
      child.level = over(child.norm, child.effective);
      level(child);
    }
  }

  /// Gives users their ranks from the front on, depth first. Users that tie get the same; projects
  /// that do are ranked as if they were one; a project that ties with a user starts at the user's.
  ///
  /// @param ties whether the first of them has the rank given last
  private void rank(List<Branch> siblings, boolean ties) {
    var sorted = siblings.stream().sorted(BY_LEVEL).toList();
    for (var i = 0; i < sorted.size(); i++) {
      var each = sorted.get(i);
      var tied = i == 0 ? ties : sorted.get(i - 1).level == each.level;
      if (each.isUser()) {
        rank = tied ? rank : left;
        each.factor = (double) rank / users;
        left--;
        continue;
      }
      var merged = new ArrayList<>(each.children);
      while (i + 1 < sorted.size() && sorted.get(i + 1).level == each.level) {
        i++;
        merged.addAll(sorted.get(i).children);
      }
      rank(merged, tied);
    }
  }

  // Classic.

  private static void classic(Branch root) {
    root.factor = 1;
    classic(root, root.usage, true);
  }

  /// @param whole what all have used
  private static void classic(Branch parent, double whole, boolean isRoot) {
    var shares = sumOfShares(parent);
    for (var child : parent.children) {
      var level = part(child.share.shares(), shares);
      var own = part(child.usage, whole);
      child.norm = parent.norm * level;
      child.effective = isRoot ? own : own + (parent.effective - own) * level;
      child.level = over(level, part(child.usage, parent.usage));
      child.factor = child.norm == 0 ? 0 : StrictMath.pow(2, -child.effective / child.norm);
      classic(child, whole, false);
    }
  }
}
