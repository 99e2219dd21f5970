package org.capataz.headnode.rpc;

import io.grpc.Status;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.capataz.headnode.loop.EngineLoop;

/// Refuses new work that the memory of the head node may not suffice for: what is accepted stays
/// there until the job is deleted.
public final class FreeMemory {

  /// What a task costs at most while it is accepted, which is more than it costs later.
  static final long TASK_BYTES = 4 * 1024;

  /// What a request costs for each of its bytes.
  static final long EXPANSION = 8;

  private static final long BETWEEN_COLLECTIONS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final EngineLoop loop;
  private final Heap heap;

  /// What those take that are being accepted.
  private final AtomicLong held = new AtomicLong();

  private long collectNext = System.nanoTime();

  /// The memory for objects.
  public interface Heap {
    long bytes();

    /// What is in use, and what is in use no more but has not been collected.
    long usedBytes();

    /// Collects what is in use no more.
    void collect();

    /// That of this process. Of the youngest objects nearly all are garbage, and do not count.
    static Heap ofThisProcess() {
      List<MemoryPoolMXBean> pools =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP && !pool.getName().contains("Eden"))
              .toList();
      return new Heap() {
        @Override
        public long bytes() {
          return Runtime.getRuntime().maxMemory();
        }

        @Override
        public long usedBytes() {
          return pools.stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
        }

        @Override
        public void collect() {
          System.gc();
        }
      };
    }
  }

  /// What was found for a request, until it is closed.
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  FreeMemory(EngineLoop loop, Heap heap) {
    this.loop = loop;
    this.heap = heap;
  }

  /// Lets a request through that adds work. One that was carried out before is let through too: its
  /// answer was lost, and who asks is to have it.
  ///
  /// @param bytes of the request
  /// @param tasks that it adds
  Hold hold(UUID request, long bytes, int tasks) {
    var cost = bytes * EXPANSION + tasks * TASK_BYTES;
    if (left() < held.addAndGet(cost)
        && leftAfterCollection() < held.get()
        && Answers.await(loop.read(state -> state.answerTo(request))) == null) {
      held.addAndGet(-cost);
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "expected %d MB of free memory for the job in the head node, but of its %d MB there are only %d; delete jobs that have ended, or give it more with CAPATAZ_JAVA_OPTS=-Xmx"
                  .formatted(
                      Math.ceilDiv(cost, 1 << 20), heap.bytes() >> 20, Math.max(0, left()) >> 20))
          .asRuntimeException();
    }
    return () -> held.addAndGet(-cost);
  }

  /// What is free, but for an eighth that is for all else.
  private long left() {
    return heap.bytes() / 8 * 7 - heap.usedBytes();
  }

  private synchronized long leftAfterCollection() {
    var now = System.nanoTime();
    if (now - collectNext >= 0 && left() < held.get()) {
      heap.collect();
      collectNext = now + BETWEEN_COLLECTIONS_NANOS;
    }
    return left();
  }
}
