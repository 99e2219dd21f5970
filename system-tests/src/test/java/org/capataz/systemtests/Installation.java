package org.capataz.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The installation that this build has made.
final class Installation {

  private Installation() {}

  /// Copies it to a folder that is not there yet.
  ///
  /// @return that folder
  static Path copy(Path folder) throws IOException {
    var made = Path.of(System.getProperty("basedir", "."), "../dist/target/capataz").toRealPath();
    try (var files = Files.walk(made)) {
      for (var file : (Iterable<Path>) files::iterator) {
        var target = folder.resolve(made.relativize(file).toString());
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return folder;
  }
}
