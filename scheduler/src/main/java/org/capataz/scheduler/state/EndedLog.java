package org.capataz.scheduler.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.capataz.model.EndReason;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.AttemptEnd;
import org.jspecify.annotations.Nullable;

/// The recorded ends of a task's attempts, packed: a sweep of millions keeps some twenty bytes for
/// each. Grows, unless it is to keep the latest alone; a later record of an instance is stronger
/// than an earlier one.
///
/// Blocks are self-contained, and their bytes are also what is stored. A record is a row of
/// variable-length numbers (seven bits to a byte, lowest first, signed ones in zigzag): what
/// differs little from the record before it is written as the difference.
public final class EndedLog {

  private static final int BLOCK = 16 * 1024;

  /// The first number of a record: outcome in two bits, the lower five bits of the reason, these
  /// two flags, and what is left of the reason.
  private static final int HAS_TEXT = 0x80;

  private static final int HAS_CORES = 0x100;

  private final int mostBlocks;
  private byte[][] blocks = new byte[0][];
  private int lastLength;
  private int size;
  private Writer writer = new Writer(0);

  /// One recorded end.
  ///
  /// @param ordinal which instance
  /// @param number which attempt of it
  /// @param state Finished, Failed, or Queued if the instance was to run again
  /// @param epoch in which it was dispatched
  /// @param node where it ran
  /// @param cores how many it held, on all its nodes; 0 where that was not recorded
  public record Entry(
      int ordinal, int number, long epoch, TaskState state, int node, int cores, AttemptEnd end) {}

  /// The log as it was at one moment; later additions do not show.
  public static final class Snapshot {
    private final byte[][] blocks;
    private final int lastLength;

    private Snapshot(byte[][] blocks, int lastLength) {
      this.blocks = blocks;
      this.lastLength = lastLength;
    }

    /// Hands every entry, oldest first.
    public void forEach(Consumer<Entry> consumer) {
      for (var i = 0; i < blocks.length; i++) {
        read(blocks[i], i == blocks.length - 1 ? lastLength : blocks[i].length, consumer);
      }
    }

    /// The latest entry of an instance, or null if it has none.
    public @Nullable Entry latest(int ordinal) {
      var found = new Entry[1];
      forEach(entry -> found[0] = entry.ordinal == ordinal ? entry : found[0]);
      return found[0];
    }
  }

  /// A log that keeps all.
  public EndedLog() {
    this(Integer.MAX_VALUE);
  }

  private EndedLog(int mostBlocks) {
    this.mostBlocks = mostBlocks;
  }

  /// A log that keeps the latest ends: hundreds of them, fewer if they have much to say.
  static EndedLog ofLatest() {
    return new EndedLog(4);
  }

  public Snapshot snapshot() {
    return new Snapshot(blocks, lastLength);
  }

  /// Packs entries into one block of their own, in the form that [#unpack] takes.
  public static byte[] pack(Iterable<Entry> entries) {
    var packed = new Writer(256);
    entries.forEach(packed::write);
    return Arrays.copyOf(packed.bytes, packed.length);
  }

  /// Reads a block that [#pack] made.
  ///
  /// @throws RuntimeException if it is damaged
  public static void unpack(byte[] block, Consumer<Entry> consumer) {
    read(block, block.length, consumer);
  }

  /// How many ends have been recorded.
  public int size() {
    return size;
  }

  /// Bytes that the log holds.
  public long bytes() {
    var bytes = 0L;
    for (var block : blocks) {
      bytes += block.length;
    }
    return bytes;
  }

  void add(Entry entry) {
    if (writer.length > BLOCK || blocks.length == 0) {
      var full = blocks.length;
      blocks = Arrays.copyOf(blocks, full + 1);
      blocks[full] = new byte[0];
      if (full > 0) {
        blocks[full - 1] = Arrays.copyOf(writer.bytes, writer.length);
      }
      if (blocks.length > mostBlocks) {
        blocks = Arrays.copyOfRange(blocks, 1, blocks.length);
      }
      writer = new Writer(64);
    }
    writer.write(entry);
    size++;
    // Snapshots share the blocks, but keep the array of them that they were given.
    if (blocks[blocks.length - 1].length < writer.bytes.length) {
      blocks = blocks.clone();
      blocks[blocks.length - 1] = writer.bytes;
    }
    lastLength = writer.length;
  }

  private static void read(byte[] block, int length, Consumer<Entry> consumer) {
    var reader = new Reader(block);
    while (reader.at < length) {
      consumer.accept(reader.next());
    }
  }

  /// What the record before said; both sides start a block with zeros.
  private static class Previous {
    int ordinal;
    int cores;
    long startTime;
  }

  private static final class Writer extends Previous {
    private byte[] bytes;
    private int length;

    Writer(int capacity) {
      bytes = new byte[capacity];
    }

    void write(Entry entry) {
      var end = entry.end;
      var text = !end.message().isEmpty() || !end.errorTail().isEmpty();
      var outcome =
          switch (entry.state) {
            case FINISHED -> 0;
            case FAILED -> 1;
            default -> 2;
          };
      // Most attempts of a task hold as many cores as the one before, and then say nothing of it.
      var others = entry.cores != cores;
      unsigned(
          outcome
              | (end.reason().number() & 0x1F) << 2
              | (text ? HAS_TEXT : 0)
              | (others ? HAS_CORES : 0)
              | end.reason().number() >> 5 << 9);
      signed(entry.ordinal - (long) ordinal);
      unsigned(entry.number);
      unsigned(entry.epoch);
      unsigned(entry.node);
      if (others) {
        unsigned(entry.cores);
      }
      unsigned(end.exitCode());
      signed(end.startTime() - startTime);
      signed(end.endTime() - end.startTime());
      unsigned(end.usage().userMicros());
      unsigned(end.usage().systemMicros());
      unsigned(end.usage().maxRssKib());
      if (text) {
        text(end.message());
        text(end.errorTail());
      }
      ordinal = entry.ordinal;
      cores = entry.cores;
      startTime = end.startTime();
    }

    private void signed(long number) {
      unsigned(number << 1 ^ number >> 63);
    }

    private void unsigned(long number) {
      var rest = number;
      reserve(10);
      while ((rest & ~0x7FL) != 0) {
        bytes[length++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      bytes[length++] = (byte) rest;
    }

    private void text(String text) {
      var encoded = text.getBytes(StandardCharsets.UTF_8);
      unsigned(encoded.length);
      reserve(encoded.length);
      System.arraycopy(encoded, 0, bytes, length, encoded.length);
      length += encoded.length;
    }

    private void reserve(int more) {
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
      }
    }
  }

  private static final class Reader extends Previous {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    Entry next() {
      var head = (int) unsigned();
      ordinal += (int) signed();
      var number = (int) unsigned();
      var epoch = unsigned();
      var node = (int) unsigned();
      cores = (head & HAS_CORES) != 0 ? (int) unsigned() : cores;
      var exitCode = (int) unsigned();
      startTime += signed();
      var endTime = startTime + signed();
      var usage = new AttemptEnd.Usage(unsigned(), unsigned(), unsigned());
      var message = (head & HAS_TEXT) != 0 ? text() : "";
      var tail = (head & HAS_TEXT) != 0 ? text() : "";
      var reason = EndReason.ofNumber((head >> 2 & 0x1F) | head >> 9 << 5);
      var state =
          switch (head & 3) {
            case 0 -> TaskState.FINISHED;
            case 1 -> TaskState.FAILED;
            default -> TaskState.QUEUED;
          };
      return new Entry(
          ordinal,
          number,
          epoch,
          state,
          node,
          cores,
          new AttemptEnd(reason, exitCode, startTime, endTime, usage, message, tail));
    }

    private long signed() {
      var number = unsigned();
      return number >>> 1 ^ -(number & 1);
    }

    private long unsigned() {
      var number = 0L;
      var shift = 0;
      byte next;
      do {
        next = bytes[at++];
        number |= (long) (next & 0x7F) << shift;
        shift += 7;
      } while (next < 0);
      return number;
    }

    private String text() {
      var length = (int) unsigned();
      var text = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
      return text;
    }
  }
}
