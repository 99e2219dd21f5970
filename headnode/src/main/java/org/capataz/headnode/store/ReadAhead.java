package org.capataz.headnode.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Reads on a thread of its own, so that who takes what was read need not wait for the next to be
/// read. It reads to the end even if nobody takes all of it.
final class ReadAhead<T> implements Iterator<T> {

  private static final int BATCH = 256;

  /// @param failure that ended the reading, null if there was none
  private record Batch<T>(List<T> items, boolean isLast, @Nullable RuntimeException failure) {}

  private final BlockingQueue<Batch<T>> batches = new LinkedBlockingQueue<>();
  private Batch<T> batch = new Batch<>(List.of(), false, null);
  private int next;

  ReadAhead(Iterator<T> source) {
    Thread.ofPlatform().daemon().name("capataz-read-ahead").start(() -> read(source));
  }

  private void read(Iterator<T> source) {
    var items = new ArrayList<T>(BATCH);
    RuntimeException failure = null;
    try {
      while (source.hasNext()) {
        items.add(source.next());
        if (items.size() == BATCH) {
          batches.add(new Batch<>(List.copyOf(items), false, null));
          items.clear();
        }
      }
    } catch (RuntimeException broken) {
      failure = broken;
    }
    batches.add(new Batch<>(items, true, failure));
  }

  @Override
  public boolean hasNext() {
    while (next == batch.items().size()) {
      if (batch.failure() != null) {
        throw batch.failure();
      }
      if (batch.isLast()) {
        return false;
      }
      take();
    }
    return true;
  }

  private void take() {
    try {
      batch = batches.take();
      next = 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw StoreException.passing("interrupted while reading", interrupted);
    }
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return batch.items().get(next++);
  }
}
