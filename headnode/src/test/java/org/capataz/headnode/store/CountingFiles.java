package org.capataz.headnode.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/// A file system for H2 that counts what reaches the disk below it. It does not sync, so that what
/// is measured does not depend on the disk.
public final class CountingFiles extends FilePathWrapper {

  static final String FILE_SYSTEM = "counting:";

  public static final AtomicLong SYNCS = new AtomicLong();
  public static final AtomicLong WRITTEN = new AtomicLong();

  static void register() {
    FilePath.register(new CountingFiles());
  }

  /// A store whose writes are counted.
  public static Store open(Path directory) {
    register();
    return SqlStore.open(new EmbeddedDatabase(directory, FILE_SYSTEM), "test");
  }

  @Override
  public String getScheme() {
    return "counting";
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Counted(getBase().open(mode));
  }

  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  private static final class Counted extends FileBaseDefault {
    private final FileChannel file;

    Counted(FileChannel file) {
      this.file = file;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      var written = file.write(source, position);
      WRITTEN.addAndGet(written);
      return written;
    }

    @Override
    public void force(boolean metaData) {
      SYNCS.incrementAndGet();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      file.truncate(size);
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
