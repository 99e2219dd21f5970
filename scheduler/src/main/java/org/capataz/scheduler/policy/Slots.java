package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// Nodes to lay into, in order. Those with most free first are set up no further than somebody
/// looks: few of a large cluster are, where there is much room.
final class Slots implements Iterable<Slot> {

  private final List<Slot> known;
  private final Iterator<Slot> coming;
  private final boolean mostFreeFirst;

  /// So many of the first are used up for good.
  private int used;

  private Slots(List<Slot> known, Iterator<Slot> coming, boolean mostFreeFirst) {
    this.known = known;
    this.coming = coming;
    this.mostFreeFirst = mostFreeFirst;
  }

  /// @param coming those with most free cores first
  static Slots mostFreeFirst(Iterator<Slot> coming) {
    return new Slots(new ArrayList<>(), coming, true);
  }

  /// In any order.
  static Slots of(List<Slot> slots) {
    return new Slots(slots, List.<Slot>of().iterator(), false);
  }

  /// Those that somebody has looked at.
  List<Slot> known() {
    return Collections.unmodifiableList(known);
  }

  @Override
  public Iterator<Slot> iterator() {
    return having(1).iterator();
  }

  /// At least all those that have so many cores free, and some.
  Iterable<Slot> having(int cores) {
    return () -> new InTurn(cores);
  }

  /// Leaves out from now on what has nothing left, and will not get it back.
  void settle() {
    while (used < known.size() && known.get(used).cores() == 0) {
      used++;
    }
  }

  private final class InTurn implements Iterator<Slot> {
    private final int cores;
    private int next = used;

    InTurn(int cores) {
      this.cores = cores;
    }

    @Override
    public boolean hasNext() {
      if (next == known.size() && coming.hasNext()) {
        known.add(coming.next());
      }
      return next < known.size() && !(mostFreeFirst && known.get(next).firstCores() < cores);
    }

    @Override
    public Slot next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return known.get(next++);
    }
  }
}
