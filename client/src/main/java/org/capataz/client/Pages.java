package org.capataz.client;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A long list that the head node hands out page by page, each fetched when it is needed.
final class Pages<T> implements Iterator<T> {

  /// Entries asked for at once.
  static final int SIZE = 500;

  /// @param next token of the next page, empty on the last one
  record Page<T>(List<T> entries, String next) {}

  private final Function<String, Page<T>> fetch;
  private Iterator<T> page;
  private String next;

  private Pages(Function<String, Page<T>> fetch) {
    this.fetch = fetch;
    var first = fetch.apply("");
    this.page = first.entries.iterator();
    this.next = first.next;
  }

  /// @param fetch the page with this token, the first for an empty one; called once at once, so
  ///   that refusals show early
  static <T> Stream<T> stream(Function<String, Page<T>> fetch) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new Pages<>(fetch), Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && !next.isEmpty()) {
      var following = fetch.apply(next);
      page = following.entries.iterator();
      next = following.next;
    }
    return page.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.next();
  }
}
