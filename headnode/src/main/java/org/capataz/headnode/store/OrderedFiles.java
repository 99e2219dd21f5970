package org.capataz.headnode.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/// A file system for H2 in which a file's header always points to the newest version of the data,
/// and a power cut leaves nothing that points to a part of something.
///
/// - H2 takes a version (a *chunk*, of one or more blocks) for whole if it finds its first and its
///   last block. Here the first block is written when the others are on the disk.
/// - H2 writes the header with some chunks only, and finds the others on from there or from the end
///   of the file, over chunks that may have been overwritten since. Here it is written with each.
/// - H2 writes both copies of the header at once, and when it opens a file follows the newer one
///   whose chunk is there. Here they are written in turn: as long as one may be on the disk before
///   its chunk is, the other is there and points to the chunk before. So a chunk's first block and
///   its header need one sync, and not one each.
/// - After a sync that failed, the kernel may take for written what is not on the disk, and say so
///   at the next sync. Here a file is written anew when it is opened after that.
///
/// H2 makes instances by reflection.
public final class OrderedFiles extends FilePathWrapper {

  /// The prefix of its file names.
  static final String PREFIX = "ordered:";

  private static final int BLOCK = 4096;

  /// Bytes at the start of a file that hold the two copies of the header.
  static final int HEADER = 2 * BLOCK;

  /// Bytes that are written anew at a time.
  private static final int PIECE = 1024 * 1024;

  /// Files of which a sync failed since they were opened.
  private static final Set<String> UNSURE = ConcurrentHashMap.newKeySet();

  static void register() {
    FilePath.register(new OrderedFiles());
  }

  @Override
  public String getScheme() {
    return "ordered";
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Ordered(getBase().toString(), getBase().open(mode));
  }

  /// Reading is not synchronized, unlike in what it extends: H2 reads side by side.
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  private static final class Ordered extends FileBaseDefault {
    private final String name;
    private final FileChannel file;

    /// Null as long as the file is empty.
    private @Nullable FileHeader header;

    /// The version to which the header points, 0 if this channel has not written one.
    private long version;

    /// Where the next copy of the header belongs.
    private long turn;

    /// How often something was written since the last sync.
    private int unsynced;

    Ordered(String name, FileChannel file) throws IOException {
      this.name = name;
      this.file = file;
      for (var copy = 0; copy < HEADER && header == null; copy += BLOCK) {
        var bytes = new byte[BLOCK];
        file.read(ByteBuffer.wrap(bytes), copy);
        header = FileHeader.read(bytes);
      }
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
      var bytes = new byte[source.remaining()];
      source.get(bytes);
      if (position >= HEADER) {
        writeChunk(bytes, position);
      } else if (header == null) {
        writeAll(bytes, 0, bytes.length, position);
        header = FileHeader.read(Arrays.copyOf(bytes, BLOCK));
      }
      return bytes.length;
    }

    private void writeChunk(byte[] chunk, long position) throws IOException {
      if (chunk.length > BLOCK) {
        writeAll(chunk, BLOCK, chunk.length, position);
        force(false);
      }
      writeAll(chunk, 0, Math.min(chunk.length, BLOCK), position);
      var start = Arrays.copyOf(chunk, BLOCK);
      // An old chunk that H2 moves is not to be pointed to.
      if (header != null && FileHeader.version(start) > version) {
        writeHeader(header.pointingTo(start, position / BLOCK));
        version = FileHeader.version(start);
      }
    }

    private void writeHeader(byte[] line) throws IOException {
      var copy = Arrays.copyOf(line, BLOCK);
      // Nothing else may be missing with the chunk, and it not either while both copies change.
      if (version == 0 || unsynced > 1) {
        force(false);
      }
      writeAll(copy, 0, BLOCK, turn);
      turn = BLOCK - turn;
      if (version == 0) {
        writeAll(copy, 0, BLOCK, turn);
      }
    }

    private void writeAll(byte[] bytes, int from, int to, long position) throws IOException {
      var source = ByteBuffer.wrap(bytes, from, to - from);
      while (source.hasRemaining()) {
        file.write(source, position + source.position());
      }
      unsynced++;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      file.truncate(size);
    }

    /// Without the file's times, which nobody needs after a crash.
    @Override
    public synchronized void force(boolean metaData) throws IOException {
      try {
        file.force(false);
      } catch (IOException failed) {
        UNSURE.add(name);
        throw failed;
      }
      unsynced = 0;
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      var lock = file.tryLock(position, size, shared);
      if (lock != null && UNSURE.contains(name)) {
        writeAnew();
        UNSURE.remove(name);
      }
      return lock;
    }

    private void writeAnew() throws IOException {
      var piece = ByteBuffer.allocate(PIECE);
      var position = 0L;
      while (file.read(piece, position) > 0) {
        var read = piece.position();
        writeAll(piece.array(), 0, read, position);
        position += read;
        piece.clear();
      }
      force(false);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
