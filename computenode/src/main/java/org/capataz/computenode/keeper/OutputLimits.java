package org.capataz.computenode.keeper;

/// How much of what attempts write to unnamed streams a node keeps.
///
/// @param stream bytes of one stream of one attempt, half of them from its beginning and half from
///   its end; a multiple of [#BLOCKS]
/// @param ended bytes of disk for all attempts that have ended
public record OutputLimits(long stream, long ended) {

  /// Two blocks of the file systems that there are, so that half of it is whole ones.
  static final long BLOCKS = 2 * 4096;

  /// Less of a stream is not worth the holes.
  private static final int LEAST_STREAM = 64 * 1024;

  private static final int MEGABYTE = 1 << 20;

  public static final OutputLimits DEFAULT = ofMegabytes(64, 4096);

  public OutputLimits {
    if (stream < LEAST_STREAM || stream % BLOCKS != 0 || ended < 2 * stream) {
      throw new IllegalArgumentException(
          "expected room for a whole number of blocks, at least "
              + LEAST_STREAM
              + " bytes, and for two streams of an attempt, but got "
              + stream
              + " and "
              + ended);
    }
  }

  public static OutputLimits ofMegabytes(int stream, int ended) {
    return new OutputLimits((long) stream * MEGABYTE, (long) ended * MEGABYTE);
  }

  /// Rounded down, as is the next.
  public int streamMegabytes() {
    return (int) (stream / MEGABYTE);
  }

  public int endedMegabytes() {
    return (int) (ended / MEGABYTE);
  }

  /// Bytes of a stream above which its middle is let go. Some more than are then left, so that it
  /// is not done for every block.
  long high() {
    return stream + stream / 8;
  }

  /// What is to be let go of an output.
  ///
  /// @param length of the output
  /// @param before what was let go of it already
  /// @return the same if that is enough
  Hole hole(long length, Hole before) {
    var known = before.within(length);
    if (length - known.length() <= high()) {
      return known;
    }
    var from = known.isEmpty() ? stream / 2 : Math.min(stream / 2, known.from());
    var to = length - stream / 2;
    return new Hole(from, Math.max(known.to(), to - to % BLOCKS));
  }
}
