package org.capataz.headnode.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.UUID;
import org.capataz.model.CoreSet;
import org.capataz.model.Parts;

/// Writes values in few bytes, for [PackedReader]: numbers seven bits to a byte, lowest first,
/// signed ones in zigzag.
final class PackedWriter {
  private byte[] bytes = new byte[64];
  private int length;

  int length() {
    return length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  PackedWriter unsigned(long number) {
    reserve(10);
    var rest = number;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  PackedWriter signed(long number) {
    return unsigned(number << 1 ^ number >> 63);
  }

  PackedWriter flag(boolean value) {
    return unsigned(value ? 1 : 0);
  }

  PackedWriter text(String text) {
    return block(text.getBytes(StandardCharsets.UTF_8));
  }

  PackedWriter block(byte[] block) {
    unsigned(block.length);
    return raw(block);
  }

  /// Bytes whose number the reader knows.
  PackedWriter raw(byte[] block) {
    reserve(block.length);
    System.arraycopy(block, 0, bytes, length, block.length);
    length += block.length;
    return this;
  }

  PackedWriter uuid(UUID uuid) {
    reserve(16);
    for (var shift = 56; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (uuid.getMostSignificantBits() >>> shift);
    }
    for (var shift = 56; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (uuid.getLeastSignificantBits() >>> shift);
    }
    return this;
  }

  /// A set of cores, as the length of each run and the gap before it.
  PackedWriter cores(CoreSet cores) {
    var bits = BitSet.valueOf(cores.words());
    var end = 0;
    for (var from = bits.nextSetBit(0); from >= 0; from = bits.nextSetBit(end)) {
      var gap = from - end;
      end = bits.nextClearBit(from);
      unsigned(end - from).unsigned(gap);
    }
    return unsigned(0);
  }

  PackedWriter parts(Parts parts) {
    return cores(parts.cores()).cores(parts.gpus());
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
