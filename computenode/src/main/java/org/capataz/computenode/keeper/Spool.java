package org.capataz.computenode.keeper;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/// The keeper's memory of its attempts beyond its own death: one file of records, appended to. When
/// it has grown, a new one that holds only what still counts takes its place; so it stays small,
/// however long a task runs, and no file is made or deleted for a task.
///
/// A record is in the kernel's hands when [#append] returns, and survives the death of this
/// process. It is not forced to the disk: what ends the machine ends the tasks too, and the new
/// boot id says so. A record that was cut short is dropped when the file is read.
///
/// A file is the header, eight bytes of name and version and forty of the boot id, and then
/// records: length, CRC-32C of the content, content ([Codec]).
///
/// Not thread-safe.
final class Spool implements AutoCloseable {

  private static final byte[] NAME = "capspl01".getBytes(StandardCharsets.US_ASCII);
  private static final int BOOT_ID_BYTES = 40;
  private static final int HEADER_BYTES = NAME.length + BOOT_ID_BYTES;
  private static final int RECORD_HEADER_BYTES = 8;
  private static final int ROLL_BYTES = 4 * 1024 * 1024;
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;
  private final String bootId;
  private final int rollBytes;
  private FileChannel channel;
  private long end;
  private long rollAt;

  /// What a spool held when it was opened.
  ///
  /// @param bootId of the machine when it was written
  record Content(String bootId, List<Message> records) {
    static final Content EMPTY = new Content("", List.of());

    /// What of it still holds in this boot: another one has a clock of its own.
    List<Message> recordsIn(String boot) {
      return bootId.equals(boot)
          ? records
          : records.stream().filter(record -> !(record instanceof Request.Renew)).toList();
    }
  }

  /// Begins a new file in place of the one that may be there.
  ///
  /// @param live records that rebuild what is still of interest
  Spool(Path file, String bootId, List<? extends Message> live) throws IOException {
    this(file, bootId, live, ROLL_BYTES);
  }

  Spool(Path file, String bootId, List<? extends Message> live, int rollBytes) throws IOException {
    this.file = file;
    this.bootId = bootId;
    this.rollBytes = rollBytes;
    this.channel = create(live);
  }

  /// Reads what an earlier keeper wrote; empty if there was none.
  ///
  /// @throws IOException if the file cannot be read, or is not of this version
  static Content read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Content.EMPTY;
    }
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    if (bytes.remaining() < HEADER_BYTES || bytes.getLong(0) == 0) {
      // What a power cut leaves of a file that was not forced; the tasks are gone with it.
      return Content.EMPTY;
    }
    if (!bytes.slice(0, NAME.length).equals(ByteBuffer.wrap(NAME))) {
      throw new IOException("expected " + file + " to be a spool of version 1, but it is not");
    }
    var bootId = new byte[BOOT_ID_BYTES];
    bytes.position(NAME.length).get(bootId);
    var records = new ArrayList<Message>();
    while (bytes.remaining() >= RECORD_HEADER_BYTES) {
      var length = bytes.getInt();
      var checksum = bytes.getInt();
      if (length <= 0 || length > bytes.remaining()) {
        break;
      }
      var content = new byte[length];
      bytes.get(content);
      if (checksum != checksum(content)) {
        break;
      }
      records.add(Codec.decode(content));
    }
    return new Content(new String(bootId, StandardCharsets.US_ASCII).trim(), records);
  }

  /// Adds a record. If that fails, the next one takes its place.
  void append(Message message) throws IOException {
    var record = record(message);
    var position = end;
    while (record.hasRemaining()) {
      position += channel.write(record, position);
    }
    end = position;
  }

  /// Whether the file has grown so much that it should be rolled.
  boolean isLong() {
    return end > rollAt;
  }

  /// Puts a new file in place of the present one.
  ///
  /// @param live records that rebuild what is still of interest
  void roll(List<? extends Message> live) throws IOException {
    var old = channel;
    // Should this fail, it is not tried again for every record that follows.
    rollAt = end * 2;
    channel = create(live);
    old.close();
  }

  private FileChannel create(List<? extends Message> live) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(next);
    var created = FileChannel.open(next, Set.of(CREATE_NEW, WRITE), OWNER_ONLY);
    try {
      var header = ByteBuffer.allocate(HEADER_BYTES);
      header.put(NAME).put(bootId.getBytes(StandardCharsets.US_ASCII)).rewind();
      var position = (long) created.write(header, 0);
      for (var message : live) {
        position += created.write(record(message), position);
      }
      Files.move(next, file, ATOMIC_MOVE);
      end = position;
      // So far that rolling costs little beside what it drops, however much is live.
      rollAt = position * 2 + rollBytes;
      return created;
    } catch (IOException e) {
      created.close();
      throw e;
    }
  }

  private static ByteBuffer record(Message message) {
    var content = Codec.encode(message);
    return ByteBuffer.allocate(RECORD_HEADER_BYTES + content.length)
        .putInt(content.length)
        .putInt(checksum(content))
        .put(content)
        .flip();
  }

  private static int checksum(byte[] content) {
    var checksum = new CRC32C();
    checksum.update(content);
    return (int) checksum.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
