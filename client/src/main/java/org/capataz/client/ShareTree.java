package org.capataz.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.capataz.model.Share;

/// What projects and users may expect of the cluster, and what they have used, at one moment.
///
/// @param algorithm how fair shares are reckoned: `FairTree` or `Classic`; newer head nodes know
///   more
/// @param halfLife after which what was used counts half; empty if it always counts full
/// @param standings the root first, each followed by what is below it
public record ShareTree(String algorithm, Optional<Duration> halfLife, List<Standing> standings) {

  public ShareTree {
    standings = List.copyOf(standings);
  }

  /// How a project or a user stands.
  ///
  /// @param of the root has neither a project nor a user
  /// @param depth how many are above it
  /// @param shares as they were set, 1 where nothing was
  /// @param normShares its part of what its siblings may expect together; of the whole where the
  ///   algorithm is `Classic`
  /// @param usage core seconds, those long ago counting less; of a project with all below it
  /// @param effectiveUsage its part of what its siblings have used together; where the algorithm is
  ///   `Classic` of the whole, with its part of what its siblings have used
  /// @param levelFairShare what it may expect over what it has used, among its siblings: above 1 if
  ///   it has had less than its share, infinite if it has used nothing
  /// @param fairShare from 0 to 1: the higher, the further to the front of the queue
  public record Standing(
      Share.Of of,
      int depth,
      int shares,
      double normShares,
      double usage,
      double effectiveUsage,
      double levelFairShare,
      OptionalDouble fairShare) {}
}
