package org.capataz.jobsxml;

/// A place in a job file.
///
/// @param file the file's name, as it was given
/// @param line from 1
/// @param column in characters, from 1
public record Position(String file, int line, int column) {

  /// Written as compilers do, on one line: `study.xml:3:5`.
  @Override
  public String toString() {
    var name = new StringBuilder(file.length());
    file.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(name::appendCodePoint);
    return name + ":" + line + ":" + column;
  }
}
