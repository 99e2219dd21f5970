package org.capataz.headnode.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.UUID;
import org.capataz.model.CoreSet;
import org.capataz.model.Parts;

/// Reads what a [PackedWriter] wrote, in the same order. Damaged bytes make it throw some
/// [RuntimeException].
final class PackedReader {
  private final byte[] bytes;
  private int at;

  PackedReader(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean isAtEnd() {
    return at == bytes.length;
  }

  long unsigned() {
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

  int count() {
    return Math.toIntExact(unsigned());
  }

  long signed() {
    var number = unsigned();
    return number >>> 1 ^ -(number & 1);
  }

  boolean flag() {
    return unsigned() != 0;
  }

  String text() {
    return new String(block(), StandardCharsets.UTF_8);
  }

  byte[] block() {
    return raw(count());
  }

  byte[] raw(int length) {
    if (length < 0 || length > bytes.length - at) {
      throw new IllegalStateException("expected " + length + " bytes at " + at);
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  byte[] rest() {
    return raw(bytes.length - at);
  }

  UUID uuid() {
    var high = 0L;
    var low = 0L;
    for (var i = 0; i < 8; i++) {
      high = (high << 8) | (bytes[at++] & 0xFF);
    }
    for (var i = 0; i < 8; i++) {
      low = (low << 8) | (bytes[at++] & 0xFF);
    }
    return new UUID(high, low);
  }

  CoreSet cores() {
    var bits = new BitSet();
    var end = 0;
    for (var length = count(); length > 0; length = count()) {
      var from = end + count();
      end = from + length;
      bits.set(from, end);
    }
    return CoreSet.ofWords(bits.toLongArray());
  }

  Parts parts() {
    return new Parts(cores(), cores());
  }
}
