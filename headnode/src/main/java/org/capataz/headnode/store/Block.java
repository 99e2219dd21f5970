package org.capataz.headnode.store;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// The bytes of a row that holds many small things. A block that still grows is stored as it is;
/// one that is complete is compressed.
final class Block {

  /// The first byte: how the rest is written.
  private static final byte PLAIN = 1;

  private static final byte DEFLATED = 2;

  /// Bytes of a page, and of a BLOB that is part of its row, at most: both have 64 KB.
  private static final int ROOM = 65_000;

  private Block() {}

  /// What to insert a row with that is going to grow, before its first content: as much as a page
  /// holds. H2 counts what is in a page by the rows' sizes when they were inserted, and splits a
  /// page by that. A row that was inserted small would come to share its page with up to 47 full
  /// ones, some 90 KB that are written anew with each of its changes.
  static byte[] room() {
    return new byte[ROOM];
  }

  static byte[] plain(byte[] content) {
    var block = new byte[content.length + 1];
    block[0] = PLAIN;
    System.arraycopy(content, 0, block, 1, content.length);
    return block;
  }

  /// The content compressed, or plain if that is shorter.
  static byte[] compressed(byte[] content) {
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(content);
      deflater.finish();
      var head = new PackedWriter().unsigned(DEFLATED).unsigned(content.length).toBytes();
      var block = Arrays.copyOf(head, head.length + content.length);
      var length = head.length + deflater.deflate(block, head.length, content.length);
      return deflater.finished() && length <= content.length
          ? Arrays.copyOf(block, length)
          : plain(content);
    } finally {
      deflater.end();
    }
  }

  /// Reads either form.
  ///
  /// @throws IllegalStateException if it is damaged or of a newer version
  static byte[] content(byte[] block) {
    return switch (block[0]) {
      case PLAIN -> Arrays.copyOfRange(block, 1, block.length);
      case DEFLATED -> inflated(block);
      default -> throw new IllegalStateException("expected a known block, but got " + block[0]);
    };
  }

  private static byte[] inflated(byte[] block) {
    var in = new PackedReader(block);
    in.unsigned();
    var content = new byte[in.count()];
    var inflater = new Inflater(true);
    try {
      inflater.setInput(in.rest());
      if (inflater.inflate(content) != content.length) {
        throw new IllegalStateException("expected " + content.length + " bytes in a block");
      }
      return content;
    } catch (DataFormatException damaged) {
      throw new IllegalStateException("expected a compressed block", damaged);
    } finally {
      inflater.end();
    }
  }
}
