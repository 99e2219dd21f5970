package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.Optional;

/// The model's queue: by priority, then by arrival, strictly. A job starts as soon as its minimum
/// is free, with up to its maximum; what no waiting job can use lets running jobs grow. A job that
/// asks for more than all nodes could give holds nobody up.
public final class FirstComeFirstServed implements Policy {

  @Override
  public Plan plan(Snapshot snapshot) {
    var largest = new Largest(snapshot);
    var room = new Room(snapshot, snapshot.free(), snapshot.freeLicences(), largest);
    var allotments = new ArrayList<Plan.Allotment>();
    Snapshot.Claim blocked = null;
    for (var claim : snapshot.claims()) {
      var shares = room.isFull() ? null : room.fit(claim);
      if (shares != null) {
        allotments.add(new Plan.Allotment(claim.job(), shares));
      } else if (largest.couldEverHold(claim)) {
        blocked = claim;
        break;
      }
    }
    // Running jobs must not grow into what the first waiting job is gathering; where it can gather
    // nothing, holding cores back for it would only idle them.
    var reclaim = blocked == null ? Optional.<Plan.Reclaim>empty() : room.gather(blocked);
    for (var claim : snapshot.growing()) {
      if (room.isFull()) {
        break;
      }
      var shares = room.grow(claim, reclaim);
      if (!shares.isEmpty()) {
        allotments.add(new Plan.Allotment(claim.job(), shares));
      }
    }
    return new Plan(allotments, reclaim);
  }
}
