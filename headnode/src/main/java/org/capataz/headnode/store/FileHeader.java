package org.capataz.headnode.store;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.jspecify.annotations.Nullable;

/// The header of an H2 file: a line of names and values with a checksum, which says what kind of
/// file it is and points to a chunk. So does the first line of a chunk say what it holds.
///
/// @param values what does not depend on the chunk
record FileHeader(Map<String, String> values) {

  private static final List<String> OF_THE_CHUNK = List.of("block", "chunk", "version", "clean");
  private static final String CHECKSUM = ",fletcher:";

  /// Reads a copy of the header.
  ///
  /// @return null if there is none, or not a whole one
  static @Nullable FileHeader read(byte[] copy) {
    var line = line(copy);
    var end = line.indexOf(CHECKSUM);
    if (end < 0 || !line.substring(end).equals(checksum(copy, end))) {
      return null;
    }
    var values = DataUtils.parseMap(line.substring(0, end));
    values.keySet().removeAll(OF_THE_CHUNK);
    return new FileHeader(values);
  }

  /// The version of the data in a chunk.
  ///
  /// @param chunk its first bytes
  static long version(byte[] chunk) {
    return DataUtils.readHexLong(DataUtils.parseMap(line(chunk)), "version", 0);
  }

  /// A copy of the header, pointing to a chunk.
  ///
  /// @param chunk its first bytes
  /// @param block where they are in the file
  byte[] pointingTo(byte[] chunk, long block) {
    var of = DataUtils.parseMap(line(chunk));
    var pointing = new HashMap<>(values);
    pointing.put("block", Long.toHexString(block));
    pointing.put("chunk", of.get("chunk"));
    pointing.put("version", of.get("version"));
    var line = DataUtils.appendMap(new StringBuilder(), pointing).toString();
    var bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    return (line + checksum(bytes, bytes.length) + "\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String checksum(byte[] bytes, int length) {
    return CHECKSUM + Integer.toHexString(DataUtils.getFletcher32(bytes, 0, length));
  }

  private static String line(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.lines().findFirst().orElse("").trim();
  }
}
