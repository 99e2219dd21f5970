package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NewerClassesTest {

  private static final int JAVA_8 = 52;

  @Test
  void everyClassOfAnOldJarIsRewrittenOnce(@TempDir Path folder) throws Exception {
    var original =
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var jar = folder.resolve("picocli.jar");
    Files.copy(original, jar);

    assertThat(NewerClasses.rewrite(jar)).isTrue();
    assertThat(NewerClasses.rewrite(jar)).as("a second time").isFalse();

    assertThat(Files.getPosixFilePermissions(jar))
        .isEqualTo(Files.getPosixFilePermissions(original));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(jar);
    }
  }

  @Test
  void rewrittenClassesAreAcceptedByJavaAndDoWhatTheyDid(@TempDir Path folder) throws Exception {
    var jar = folder.resolve("picocli.jar");
    Files.copy(
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI()),
        jar);
    NewerClasses.rewrite(jar);

    try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
        var names = new JarFile(jar.toFile())) {
      for (var entry : names.stream().toList()) {
        var name = entry.getName();
        if (name.endsWith(".class") && name.startsWith("picocli/") && !name.contains("groovy")) {
          var bytes = names.getInputStream(entry).readNBytes(8);
          assertThat(bytes[7]).as(name).isEqualTo((byte) JAVA_8);
          // Initialising it has Java check it.
          Class.forName(name.replace('/', '.').replace(".class", ""), true, loader);
        }
      }
      var commandLine = loader.loadClass("picocli.CommandLine");
      var version = commandLine.getField("VERSION").get(null);
      assertThat(List.of(version)).containsExactly(CommandLine.VERSION);
    }
  }
}
