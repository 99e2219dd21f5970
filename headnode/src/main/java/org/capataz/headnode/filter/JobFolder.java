package org.capataz.headnode.filter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A folder in which a filter runs, with the job in it as a file; gone when it is closed.
final class JobFolder implements AutoCloseable {

  private final Path folder;

  JobFolder(byte[] xml) throws IOException {
    folder = Files.createTempDirectory("capataz-filter");
    Files.write(file(), xml);
  }

  Path folder() {
    return folder;
  }

  Path file() {
    return folder.resolve("job.xml");
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
