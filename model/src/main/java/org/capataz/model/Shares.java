package org.capataz.model;

import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The tree of projects and users between whom the cluster is shared, as far as administrators have
/// decided on it.
///
/// @param all by place
public record Shares(SortedMap<Share.Of, Share> all) {

  public static final Shares NONE = new Shares(new TreeMap<>());

  /// As many as a tree may have.
  public static final int MOST = 100_000;

  public Shares {
    all = Collections.unmodifiableSortedMap(new TreeMap<>(all));
  }

  /// The tree with one more, or another one in that place.
  public Shares with(Share share) {
    var changed = new TreeMap<>(all);
    changed.put(share.of(), share);
    return new Shares(changed);
  }

  /// The tree without one.
  public Shares without(Share.Of of) {
    var changed = new TreeMap<>(all);
    changed.remove(of);
    return new Shares(changed);
  }

  /// What was decided of somebody, or else the standard.
  public Share get(Share.Of of) {
    var share = all.get(of);
    return share == null ? Share.standard(of) : share;
  }

  public boolean has(Share.Of of) {
    return all.containsKey(of);
  }

  public boolean hasProject(String project) {
    return has(Share.Of.projectNamed(project));
  }

  /// Where the jobs are counted that a user submits for a project: one that is not in the tree is
  /// none.
  public Share.Of place(String project, String user) {
    return new Share.Of(project.isEmpty() || hasProject(project) ? project : "", user);
  }

  /// The tree, if it is one.
  public Result<Shares> check() {
    if (all.size() > MOST) {
      return Result.invalid("expected at most " + MOST + " projects and users in the share tree");
    }
    for (var share : all.values()) {
      var refusal = refusal(share);
      if (refusal.isPresent()) {
        return Result.refused(refusal.get());
      }
    }
    return Result.ok(this);
  }

  private Optional<Refusal> refusal(Share share) {
    var of = share.of();
    var above = of.isProject() ? share.parent() : of.project();
    if (!above.isEmpty() && !hasProject(above)) {
      return Optional.of(
          Refusal.notFound(
              "expected "
                  + of
                  + " below a project of the share tree, but "
                  + Text.shown(above)
                  + " is not in it; capataz share set adds it, and what is below one has to go"
                  + " before it"));
    }
    var seen = new HashSet<String>();
    for (var project = of.project(); !project.isEmpty(); ) {
      if (!seen.add(project)) {
        return Optional.of(
            Refusal.invalid("expected a tree, but " + of + " would be below itself"));
      }
      project = get(Share.Of.projectNamed(project)).parent();
    }
    return Optional.empty();
  }
}
