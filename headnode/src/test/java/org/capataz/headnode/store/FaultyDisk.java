package org.capataz.headnode.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/// A disk for one database file, which knows what of it would be left if the power failed now: what
/// was synced, and of what was written since, any part. It can also be full, or fail to sync.
public final class FaultyDisk {

  /// What H2 calls the disk that a test made last.
  static final String FILE_SYSTEM = "faulty:";

  /// What a disk writes as a whole.
  private static final int BLOCK = 4096;

  /// More than H2 reads at once.
  private static final int LARGE = 100_000;

  private static volatile FaultyDisk current = new FaultyDisk();

  private byte[] synced = new byte[0];
  private final List<Write> unsynced = new ArrayList<>();
  private boolean full;
  private int syncsToFailure = Integer.MAX_VALUE;
  private String file = "";
  private Runnable onWrite = () -> {};
  private Runnable onCopy = () -> {};
  private int syncs;

  /// Bytes that were written somewhere, or, without bytes, a new size.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Write(long position, byte[] bytes) {}

  static FaultyDisk insert() {
    FilePath.register(new Scheme());
    current = new FaultyDisk();
    return current;
  }

  /// From now on, or no longer, nothing can be written.
  synchronized void fill(boolean isFull) {
    full = isFull;
  }

  /// After some more syncs one does not come about: what was written since the one before is not on
  /// the disk, and the kernel does not try again.
  synchronized void failToSyncAfter(int more) {
    syncsToFailure = more;
  }

  /// Is called after each write and before each sync.
  synchronized void onWrite(Runnable listener) {
    onWrite = listener;
  }

  /// Is called before something reads the file at large, as whoever copies it does.
  synchronized void onCopy(Runnable listener) {
    onCopy = listener;
  }

  private synchronized Runnable onCopy() {
    return onCopy;
  }

  synchronized int syncs() {
    return syncs;
  }

  /// What is left if the process is killed now.
  synchronized byte[] afterKill() {
    var image = synced.clone();
    for (var write : unsynced) {
      image = applied(image, write);
    }
    return image;
  }

  /// What is left if the power fails now: any of the writes since the last sync may be missing, or
  /// there in part, in whole blocks.
  synchronized byte[] afterPowerCut(Random random) {
    var image = synced.clone();
    for (var write : unsynced) {
      switch (random.nextInt(3)) {
        case 0 -> {}
        case 1 -> image = applied(image, write);
        default -> {
          for (var from = 0; from < write.bytes.length; from += BLOCK) {
            if (random.nextBoolean()) {
              var to = Math.min(write.bytes.length, from + BLOCK);
              var block = Arrays.copyOfRange(write.bytes, from, to);
              image = applied(image, new Write(write.position + from, block));
            }
          }
        }
      }
    }
    return image;
  }

  /// Writes into an image, or into a copy if its size changes.
  private static byte[] applied(byte[] image, Write write) {
    if (write.bytes.length == 0) {
      return image.length > write.position
          ? Arrays.copyOf(image, Math.toIntExact(write.position))
          : image;
    }
    var end = Math.toIntExact(write.position + write.bytes.length);
    var changed = image.length < end ? Arrays.copyOf(image, end) : image;
    System.arraycopy(write.bytes, 0, changed, Math.toIntExact(write.position), write.bytes.length);
    return changed;
  }

  private void written(long position, byte[] bytes) throws IOException {
    Runnable listener;
    synchronized (this) {
      if (full) {
        throw new IOException("No space left on device");
      }
      unsynced.add(new Write(position, bytes));
      listener = onWrite;
    }
    listener.run();
  }

  private void sync() throws IOException {
    synchronized (this) {
      if (syncsToFailure-- == 0) {
        unsynced.clear();
        throw new IOException("Input/output error");
      }
      for (var write : unsynced) {
        synced = applied(synced, write);
      }
      unsynced.clear();
      syncs++;
    }
  }

  /// How H2 finds the disk. It makes one of these by reflection for each file name.
  public static final class Scheme extends FilePathWrapper {
    @Override
    public String getScheme() {
      return "faulty";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
      var disk = current;
      var file = getBase();
      if (!file.toString().endsWith(".mv.db")) {
        return file.open(mode);
      }
      synchronized (disk) {
        if (!disk.file.equals(file.toString())) {
          disk.file = file.toString();
          disk.unsynced.clear();
          disk.synced = Files.readAllBytes(Path.of(disk.file));
        }
      }
      return new Channel(file.open(mode), disk);
    }
  }

  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  private static final class Channel extends FileBaseDefault {
    private final FileChannel file;
    private final FaultyDisk disk;

    Channel(FileChannel file, FaultyDisk disk) {
      this.file = file;
      this.disk = disk;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      if (target.remaining() > LARGE) {
        disk.onCopy().run();
      }
      return file.read(target, position);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      var bytes = new byte[source.remaining()];
      source.get(source.position(), bytes);
      disk.written(position, bytes);
      return file.write(source, position);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      disk.written(size, new byte[0]);
      file.truncate(size);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      disk.sync();
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
