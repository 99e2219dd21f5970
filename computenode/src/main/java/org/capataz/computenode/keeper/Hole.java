package org.capataz.computenode.keeper;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.capataz.model.AttemptId;

/// The part of an output that is not kept. Its file still has the length of all that was written,
/// and zeros there; so a note beside the file says where they are. The note is written first: who
/// reads bytes, and finds them outside the hole after that, has bytes of the attempt.
///
/// @param from the first byte that is not kept
/// @param to the first byte after it that is
record Hole(long from, long to) {

  static final Hole NONE = new Hole(0, 0);

  private static final String SUFFIX = ".hole";

  Hole {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("expected a part of a file, but got " + from + " " + to);
    }
  }

  long length() {
    return to - from;
  }

  boolean isEmpty() {
    return from == to;
  }

  /// What is left of it in a file of this length: a program may have cut its output short.
  Hole within(long length) {
    return from >= length ? NONE : new Hole(from, Math.min(to, length));
  }

  static boolean isNote(Path file) {
    return file.getFileName().toString().contains(SUFFIX);
  }

  static Path noteOf(Path output) {
    return output.resolveSibling(output.getFileName() + SUFFIX);
  }

  /// The hole of an output, as noted. An attempt of an earlier cluster may have left a note of the
  /// same name.
  static Hole of(Path output, AttemptId attempt) throws IOException {
    String note;
    try {
      note = Files.readString(noteOf(output));
    } catch (NoSuchFileException none) {
      return NONE;
    }
    try {
      var words = note.strip().split(" ", -1);
      return words[2].equals(attempt.toString())
          ? new Hole(Long.parseLong(words[0]), Long.parseLong(words[1]))
          : NONE;
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException damaged) {
      throw new IOException("expected a part of a file in " + noteOf(output), damaged);
    }
  }

  /// Notes it beside the output.
  void note(Path output, AttemptId attempt) throws IOException {
    var note = noteOf(output);
    var draft = note.resolveSibling(note.getFileName() + ".new");
    Files.writeString(draft, from + " " + to + " " + attempt + "\n");
    Files.move(draft, note, ATOMIC_MOVE);
  }
}
