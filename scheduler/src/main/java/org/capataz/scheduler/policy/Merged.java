package org.capataz.scheduler.policy;

import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Two sorted sequences as one. Looks one step ahead in each.
final class Merged<T> implements Iterator<T> {

  private final Comparator<? super T> order;
  private final Iterator<T> many;
  private final Predicate<? super T> wanted;
  private final Iterator<T> few;
  private @Nullable T nextOfMany;
  private @Nullable T nextOfFew;

  /// @param wanted which of the many belong to it
  /// @param few of equals, these come last
  Merged(
      Comparator<? super T> order, Iterator<T> many, Predicate<? super T> wanted, Iterator<T> few) {
    this.order = order;
    this.many = many;
    this.wanted = wanted;
    this.few = few;
    nextOfMany = wanted();
    nextOfFew = few.hasNext() ? few.next() : null;
  }

  private @Nullable T wanted() {
    while (many.hasNext()) {
      var next = many.next();
      if (wanted.test(next)) {
        return next;
      }
    }
    return null;
  }

  @Override
  public boolean hasNext() {
    return nextOfMany != null || nextOfFew != null;
  }

  @Override
  public T next() {
    var one = nextOfMany;
    var other = nextOfFew;
    if (one != null && (other == null || order.compare(one, other) <= 0)) {
      nextOfMany = wanted();
      return one;
    }
    if (other == null) {
      throw new NoSuchElementException();
    }
    nextOfFew = few.hasNext() ? few.next() : null;
    return other;
  }
}
