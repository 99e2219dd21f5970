package org.capataz.computenode.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import org.capataz.computenode.process.Linux.Call;
import org.capataz.computenode.process.ProcessSpec.Stream;

/// A pipe to or from a child: one end goes to the child as a descriptor, the other is a Java
/// stream. To be closed as soon as both are made.
public final class Pipe implements AutoCloseable {

  private final int readEnd;
  private final int writeEnd;

  public Pipe() throws IOException {
    try (var arena = Arena.ofConfined()) {
      var ends = arena.allocate(JAVA_INT, 2);
      var result = Linux.call(Call.PIPE2, ends.address(), Linux.O_CLOEXEC);
      if (result < 0) {
        throw new IOException("cannot make a pipe: " + Linux.describe((int) -result));
      }
      readEnd = ends.getAtIndex(JAVA_INT, 0);
      writeEnd = ends.getAtIndex(JAVA_INT, 1);
    }
  }

  /// The read end, for the child.
  public Stream readEnd() {
    return new Stream.Descriptor(readEnd);
  }

  /// The write end, for the child.
  public Stream writeEnd() {
    return new Stream.Descriptor(writeEnd);
  }

  /// The read end, for us; it outlives this object.
  public InputStream reader() throws IOException {
    return new FileInputStream("/proc/self/fd/" + readEnd);
  }

  /// The write end, for us; it outlives this object.
  public OutputStream writer() throws IOException {
    return new FileOutputStream("/proc/self/fd/" + writeEnd);
  }

  @Override
  public void close() {
    Linux.call(Call.CLOSE, readEnd);
    Linux.call(Call.CLOSE, writeEnd);
  }
}
