package org.capataz.scheduler.engine;

import java.util.HashMap;
import org.capataz.model.Share;
import org.capataz.scheduler.share.ShareTree;
import org.capataz.scheduler.state.ClusterState;

/// How all who use the cluster stand in its tree of shares.
public final class FairShares {

  /// Core seconds below which somebody without jobs, of whom nothing was decided, is forgotten.
  private static final double TRACE = 1;

  private FairShares() {}

  /// The tree as it is now. Takes time for each that is in it.
  ///
  /// @param now microseconds since 1970
  public static ShareTree of(ClusterState state, long now) {
    var settings = state.settings();
    var halfLife = settings.usageHalfLife();
    var usage = new HashMap<Share.Of, Double>();
    for (var account : state.accounts().all()) {
      var used = account.usage().at(now, halfLife);
      if (account.hasJobs() || used >= TRACE) {
        var place = settings.shares().place(account.of().project(), account.of().user());
        usage.merge(place, used, Double::sum);
      }
    }
    return ShareTree.of(settings.shares(), settings.fairShare(), usage);
  }
}
