package org.capataz.headnode.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/// A file of H2 that was not closed, in which H2 itself may miss the last commits.
///
/// Each commit writes a chunk somewhere in the file. At opening H2 goes from the chunk that the
/// file's header names from one to the next by the place that each predicts for its successor. A
/// prediction that is wrong makes H2 write the header first, but (in 2.3 to 2.5) with the chunk
/// *before* the one that is not to be found from there. So we look for the last whole chunk
/// ourselves, and write the header that names it.
///
/// The format: blocks of 4096 bytes; the first two hold the header, each a copy. A chunk begins
/// with a block that starts with `chunk:…,block:…,len:…,version:…` and ends, `len` blocks on, with
/// a footer of 128 bytes that repeats id and version with a checksum. Numbers are hexadecimal.
final class CrashedFile {

  private static final int BLOCK = 4096;
  private static final int FOOTER = 128;
  private static final int CHUNK_HEADER = 1024;
  private static final byte[] CHUNK_START = "chunk:".getBytes(StandardCharsets.ISO_8859_1);

  private final FileChannel file;

  private CrashedFile(FileChannel file) {
    this.file = file;
  }

  /// @param block where it begins
  /// @param time by which of two chunks of one version the later is told
  private record Chunk(long block, long id, long version, long time) {
    boolean isNewerThan(@Nullable Chunk other) {
      return other == null
          || version > other.version
          || (version == other.version && time > other.time);
    }
  }

  /// Makes the header name the last chunk, if the file was not closed and nobody uses it.
  static void repair(Path path) throws IOException {
    try (var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var lock = file.tryLock()) {
      if (lock != null && file.size() > 2 * BLOCK) {
        new CrashedFile(file).nameLastChunk();
      }
    }
  }

  private void nameLastChunk() throws IOException {
    var header = newestHeader();
    if (header == null || header.containsKey("clean")) {
      return;
    }
    var last = lastChunk();
    if (last == null || last.version <= number(header, "version")) {
      return;
    }
    header.put("block", Long.toHexString(last.block));
    header.put("chunk", Long.toHexString(last.id));
    header.put("version", Long.toHexString(last.version));
    header.remove("fletcher");
    write(header);
  }

  private @Nullable Map<String, String> newestHeader() throws IOException {
    var first = checked(read(0, BLOCK));
    var second = checked(read(BLOCK, BLOCK));
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return number(second, "version") > number(first, "version") ? second : first;
  }

  private @Nullable Chunk lastChunk() throws IOException {
    Chunk last = null;
    var blocks = file.size() / BLOCK;
    for (long block = 2; block < blocks; block++) {
      var chunk = chunkAt(block, blocks);
      if (chunk != null && chunk.isNewerThan(last)) {
        last = chunk;
      }
    }
    return last;
  }

  /// The chunk that begins with a block; null if none does that is whole.
  private @Nullable Chunk chunkAt(long block, long blocks) throws IOException {
    var start = read(block * BLOCK, CHUNK_HEADER);
    if (!Arrays.equals(start, 0, CHUNK_START.length, CHUNK_START, 0, CHUNK_START.length)) {
      return null;
    }
    try {
      var line = new String(start, StandardCharsets.ISO_8859_1);
      var header = DataUtils.parseMap(line.substring(0, Math.max(0, line.indexOf('\n'))).strip());
      var version = number(header, "version");
      var end = block + number(header, "len");
      if (end <= block || end > blocks) {
        return null;
      }
      var footer = checked(read(end * BLOCK - FOOTER, FOOTER));
      return footer != null
              && number(footer, "chunk") == number(header, "chunk")
              && number(footer, "version") == version
          ? new Chunk(block, number(header, "chunk"), version, number(header, "time"))
          : null;
    } catch (MVStoreException | NumberFormatException other) {
      return null; // The block's content only looks like a chunk.
    }
  }

  /// Entries that end with their checksum; null if it is wrong.
  private static @Nullable Map<String, String> checked(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1).trim();
    var end = text.lastIndexOf(",fletcher:");
    if (end < 0) {
      return null;
    }
    try {
      var map = DataUtils.parseMap(text);
      return number(map, "fletcher") == Integer.toUnsignedLong(checksum(text.substring(0, end)))
          ? map
          : null;
    } catch (MVStoreException | NumberFormatException damaged) {
      return null;
    }
  }

  private static int checksum(String text) {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return DataUtils.getFletcher32(bytes, 0, bytes.length);
  }

  /// A number of a map; 0 if it has none.
  private static long number(Map<String, String> map, String name) {
    return Long.parseUnsignedLong(map.getOrDefault(name, "0"), 16);
  }

  private byte[] read(long position, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && file.read(buffer, position + buffer.position()) >= 0) {}
    return buffer.array();
  }

  private void write(Map<String, String> header) throws IOException {
    var text = new StringBuilder();
    DataUtils.appendMap(text, new HashMap<>(header));
    DataUtils.appendMap(text, "fletcher", checksum(text.toString()));
    var bytes = text.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
    var copies = ByteBuffer.allocate(2 * BLOCK);
    copies.put(0, bytes).put(BLOCK, bytes);
    while (copies.hasRemaining()) {
      file.write(copies, copies.position());
    }
    file.force(false);
  }
}
