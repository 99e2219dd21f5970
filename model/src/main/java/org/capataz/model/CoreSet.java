package org.capataz.model;

import java.util.Arrays;

/// An immutable set of core numbers of one node, from 0; or of the numbers of its GPUs. Sets, not
/// counts, so that "no core is given twice" can be checked at every moment.
public final class CoreSet {

  public static final CoreSet EMPTY = new CoreSet(new long[0]);

  private final long[] words;

  private CoreSet(long[] words) {
    this.words = words;
  }

  /// The cores 0 to `count` - 1.
  public static CoreSet first(int count) {
    if (count < 0 || count > Limits.CORES) {
      throw new IllegalArgumentException("expected 0 to " + Limits.CORES + " cores, got " + count);
    }
    var words = new long[(count + 63) >>> 6];
    Arrays.fill(words, -1L);
    if ((count & 63) != 0) {
      words[words.length - 1] = (1L << (count & 63)) - 1;
    }
    return new CoreSet(words);
  }

  /// The set whose members are the bits set in `words`, least significant bit of the first word
  /// first: the form that is stored and sent.
  public static CoreSet ofWords(long... words) {
    if (words.length > Limits.CORES / 64) {
      throw new IllegalArgumentException("expected at most " + Limits.CORES + " cores");
    }
    return new CoreSet(trimmed(words.clone()));
  }

  public long[] words() {
    return words.clone();
  }

  public int size() {
    var size = 0;
    for (var word : words) {
      size += Long.bitCount(word);
    }
    return size;
  }

  public boolean isEmpty() {
    return words.length == 0;
  }

  public boolean contains(int core) {
    var word = core >>> 6;
    return word < words.length && (words[word] & 1L << (core & 63)) != 0;
  }

  public boolean containsAll(CoreSet other) {
    return other.minus(this).isEmpty();
  }

  public boolean intersects(CoreSet other) {
    for (var i = 0; i < Math.min(words.length, other.words.length); i++) {
      if ((words[i] & other.words[i]) != 0) {
        return true;
      }
    }
    return false;
  }

  public CoreSet plus(CoreSet other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    var sum = Arrays.copyOf(words, Math.max(words.length, other.words.length));
    for (var i = 0; i < other.words.length; i++) {
      sum[i] |= other.words[i];
    }
    return new CoreSet(sum);
  }

  public CoreSet minus(CoreSet other) {
    if (other.isEmpty()) {
      return this;
    }
    if (words.length == 1) {
      var rest = words[0] & ~other.words[0];
      return rest == 0 ? EMPTY : rest == words[0] ? this : new CoreSet(new long[] {rest});
    }
    var rest = words.clone();
    for (var i = 0; i < Math.min(rest.length, other.words.length); i++) {
      rest[i] &= ~other.words[i];
    }
    return new CoreSet(trimmed(rest));
  }

  public CoreSet intersection(CoreSet other) {
    var shared = Arrays.copyOf(words, Math.min(words.length, other.words.length));
    for (var i = 0; i < shared.length; i++) {
      shared[i] &= other.words[i];
    }
    return new CoreSet(trimmed(shared));
  }

  /// The lowest member; -1 if there is none.
  public int lowest() {
    for (var i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        return i * Long.SIZE + Long.numberOfTrailingZeros(words[i]);
      }
    }
    return -1;
  }

  /// The `count` lowest members.
  ///
  /// @throws IllegalArgumentException if there are fewer
  public CoreSet lowest(int count) {
    if (count == size()) {
      return this;
    }
    var taken = new long[words.length];
    var left = count;
    for (var i = 0; i < words.length && left > 0; i++) {
      var word = words[i];
      while (word != 0 && left > 0) {
        var bit = Long.lowestOneBit(word);
        taken[i] |= bit;
        word ^= bit;
        left--;
      }
    }
    if (left > 0) {
      throw new IllegalArgumentException("expected " + count + " cores in " + this);
    }
    return new CoreSet(trimmed(taken));
  }

  private static long[] trimmed(long[] words) {
    var length = words.length;
    while (length > 0 && words[length - 1] == 0) {
      length--;
    }
    return length == words.length ? words : Arrays.copyOf(words, length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CoreSet set && Arrays.equals(words, set.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  /// As ranges: `0-3,6`.
  @Override
  public String toString() {
    var out = new StringBuilder();
    for (var core = 0; core < words.length * 64; core++) {
      if (!contains(core)) {
        continue;
      }
      var last = core;
      while (contains(last + 1)) {
        last++;
      }
      out.append(out.isEmpty() ? "" : ",").append(core);
      if (last > core) {
        out.append('-').append(last);
      }
      core = last;
    }
    return out.toString();
  }
}
