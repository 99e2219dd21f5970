package org.capataz.headnode.loop;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A node's connection that remembers what it is told.
public final class HeardConnection implements Connection {

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

  /// Something that a node is told.
  sealed interface Heard {
    record Welcomed(int node, long epoch) implements Heard {}

    record Ordered(Due due) implements Heard {}

    record Closed(String reason) implements Heard {}
  }

  @Override
  public void welcome(Greeting greeting) {
    heard.add(new Heard.Welcomed(greeting.node(), greeting.epoch()));
  }

  @Override
  public void order(Due due) {
    heard.add(new Heard.Ordered(due));
  }

  @Override
  public void close(String reason) {
    heard.add(new Heard.Closed(reason));
  }

  /// Waits for what it is told next.
  Heard next() throws InterruptedException {
    return heard.take();
  }

  /// Waits for orders that hold any start, stop or acknowledgement.
  public Due nextOrders() throws InterruptedException {
    while (true) {
      if (heard.take() instanceof Heard.Ordered(var due) && !isEmpty(due)) {
        return due;
      }
    }
  }

  /// Waits until it is closed.
  ///
  /// @return why
  String closed() throws InterruptedException {
    while (true) {
      if (heard.take() instanceof Heard.Closed(var reason)) {
        return reason;
      }
    }
  }

  /// Whether it was told nothing that nobody has asked for yet.
  boolean isSilent() {
    return heard.isEmpty();
  }

  private static boolean isEmpty(Due due) {
    return due.starts().isEmpty() && due.stops().isEmpty() && due.over().isEmpty();
  }
}
