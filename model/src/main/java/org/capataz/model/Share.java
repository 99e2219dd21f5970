package org.capataz.model;

import java.util.Comparator;

/// What an administrator has decided of a project, of a user within a project, or of a user who
/// works for none: how much of the cluster they may expect, beside their siblings in the tree of
/// projects and users.
///
/// Whoever is not in the tree counts as one with [#ONE] share below the root, and jobs of a project
/// that is not in the tree as jobs without one.
///
/// @param of whose share it is
/// @param parent of a project: the project that it belongs to, empty for the root; empty for users
/// @param shares how much beside the siblings; who has none comes last
/// @param boost of a project: how far to the front its jobs belong beside those of other projects,
///   under the order `multifactor`; 0 for users
/// @param quota what its jobs may have at most: those of a project and of all below it; those of a
///   user for the project, or of a user below the root for all projects together
public record Share(Of of, String parent, int shares, int boost, Quota quota) {

  /// As a user below the root: each user for whom no limits over all projects were set.
  public static final Of EVERYBODY = new Of("", "*");

  /// What everybody has of whom nothing was decided.
  public static final int ONE = 1;

  /// As many as one may have.
  public static final int MOST = 1_000_000;

  /// As much as a project may be boosted.
  public static final int MOST_BOOST = 1000;

  /// A share without a boost.
  public Share(Of of, String parent, int shares) {
    this(of, parent, shares, 0, Quota.NONE);
  }

  /// A place in the tree.
  ///
  /// @param project empty for a user below the root
  /// @param user empty for the project itself
  public record Of(String project, String user) implements Comparable<Of> {

    private static final Comparator<Of> ORDER =
        Comparator.comparing(Of::project).thenComparing(Of::user);

    public static Of projectNamed(String project) {
      return new Of(project, "");
    }

    public boolean isProject() {
      return user.isEmpty();
    }

    @Override
    public int compareTo(Of other) {
      return ORDER.compare(this, other);
    }

    /// `project climate`, `user ada of project climate` or `user ada`.
    @Override
    public String toString() {
      if (equals(EVERYBODY)) {
        return "everybody";
      }
      if (user.isEmpty()) {
        return "project " + Text.shown(project);
      }
      return "user "
          + Text.shown(user)
          + (project.isEmpty() ? "" : " of project " + Text.shown(project));
    }
  }

  /// What holds for those of whom nothing was decided.
  public static Share standard(Of of) {
    return new Share(of, "", ONE);
  }

  /// The share, if it says something that can be; whether its projects are in the tree is another
  /// question.
  public Result<Share> check() {
    if (of.project().isEmpty() && of.user().isEmpty()) {
      return Result.invalid("expected a project or a user, but got neither");
    }
    if (shares < 0 || shares > MOST) {
      return Result.invalid("expected from 0 to " + MOST + " shares, but got " + shares);
    }
    if (boost < 0 || boost > MOST_BOOST) {
      return Result.invalid("expected a boost from 0 to " + MOST_BOOST + ", but got " + boost);
    }
    if (!of.isProject() && boost != 0) {
      return Result.invalid("expected a boost of a project alone, but " + of + " has one");
    }
    if (!of.isProject() && !parent.isEmpty()) {
      return Result.invalid("expected a parent of a project alone, but " + of + " has one");
    }
    if (of.equals(EVERYBODY) && shares != ONE) {
      return Result.invalid("expected limits of everybody, and no shares, but got " + shares);
    }
    if (of.user().equals("*") && !of.project().isEmpty()) {
      return Result.invalid("expected everybody below the root, but got " + of);
    }
    return quota
        .check()
        .then(ignored -> Text.name(of.project(), Limits.NAME))
        .then(ignored -> Text.name(of.user(), Limits.NAME))
        .then(ignored -> Text.name(parent, Limits.NAME))
        .then(ignored -> Result.ok(this));
  }
}
