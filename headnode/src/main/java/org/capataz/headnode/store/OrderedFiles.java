package org.capataz.headnode.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/// A file system for H2 that brings to the disk first what is pointed to, and then what points to
/// it, so that a power cut leaves nothing that points to a part of something:
///
/// - H2 takes a version of the data (a *chunk*, of one or more blocks) for whole if it finds its
///   first and its last block. Here the first block is written when the others are on the disk.
/// - H2 writes the file's header, which points to a chunk, right after the chunk, and overwrites a
///   header that pointed to the one before. Here the chunk is on the disk by then.
///
/// H2 makes instances by reflection.
public final class OrderedFiles extends FilePathWrapper {

  /// The prefix of its file names.
  static final String PREFIX = "ordered:";

  private static final int BLOCK = 4096;

  /// Bytes at the start of a file that hold the two copies of the header.
  private static final int HEADER = 2 * BLOCK;

  static void register() {
    FilePath.register(new OrderedFiles());
  }

  @Override
  public String getScheme() {
    return "ordered";
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Ordered(getBase().open(mode));
  }

  /// Unsynchronized unlike what it extends, as H2's own file channels are: H2 writes from one
  /// thread at a time, and reads side by side.
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  private static final class Ordered extends FileBaseDefault {
    private final FileChannel file;

    Ordered(FileChannel file) {
      this.file = file;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      var length = source.remaining();
      if (position < HEADER) {
        file.force(false);
      } else if (length > BLOCK) {
        var rest = source.duplicate();
        rest.position(source.position() + BLOCK);
        writeAll(rest, position + BLOCK);
        file.force(false);
      }
      var first = source.duplicate();
      first.limit(source.position() + (position < HEADER ? length : Math.min(length, BLOCK)));
      writeAll(first, position);
      source.position(source.limit());
      return length;
    }

    private void writeAll(ByteBuffer source, long position) throws IOException {
      var at = position;
      while (source.hasRemaining()) {
        at += file.write(source, at);
      }
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
    public void force(boolean metaData) throws IOException {
      file.force(false);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
