package org.capataz.headnode.security;

import java.util.concurrent.atomic.AtomicLong;

/// Some memory for all who share it. Everybody has a little for certain, and of what is common no
/// more than is left then: so who wants little always finds it, however much the others want. Any
/// thread may take and give back.
final class Room {

  private final long certain;
  private final long common;
  private final AtomicLong takenOfCommon = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();

  /// @param certain bytes that everybody has, whatever the others take
  /// @param common bytes for who wants more
  Room(long certain, long common) {
    this.certain = certain;
    this.common = common;
  }

  /// All that is taken.
  long taken() {
    return taken.get();
  }

  /// What one has of a room.
  static final class Share {
    private final Room room;
    private long taken;

    Share(Room room) {
      this.room = room;
    }

    /// Takes some more.
    ///
    /// @return whether it was there; otherwise nothing is taken
    synchronized boolean take(long some) {
      var more = beyond(taken + some) - beyond(taken);
      if (more > 0 && beyond(taken + some) > room.common - room.takenOfCommon.addAndGet(more)) {
        room.takenOfCommon.addAndGet(-more);
        return false;
      }
      taken += some;
      room.taken.addAndGet(some);
      return true;
    }

    synchronized void giveBack(long some) {
      room.takenOfCommon.addAndGet(beyond(taken - some) - beyond(taken));
      taken -= some;
      room.taken.addAndGet(-some);
    }

    private long beyond(long bytes) {
      return Math.max(0, bytes - room.certain);
    }
  }
}
