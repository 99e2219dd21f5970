package org.capataz.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The classes of the programs, loaded once and mapped into every process that tests start, which
/// takes a third off the time of a start: Java's own class data sharing, with an archive for
/// exactly these jars and this Java.
final class SharedClasses {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /// The class path of the programs. This module's own classes are not on it: they lie in a folder,
  /// and an archive is of jars alone.
  static final String CLASS_PATH =
      String.join(
          File.pathSeparator,
          Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
              .filter(entry -> !entry.endsWith("test-classes"))
              .toList());

  /// What a process is started with that has them. What Java has to say goes to standard error: on
  /// standard output others listen.
  static final List<String> OPTIONS =
      jars().allMatch(Files::isRegularFile)
          ? List.of(
              "-XX:SharedArchiveFile=" + archive(), "-Xlog:disable", "-Xlog:all=warning:stderr")
          : List.of();

  private SharedClasses() {}

  private static Stream<Path> jars() {
    return Stream.of(CLASS_PATH.split(File.pathSeparator, -1)).map(Path::of);
  }

  /// The archive, made by the first process that asks for it.
  private static Path archive() {
    var folder = Path.of("target", "shared-classes").toAbsolutePath();
    try {
      Files.createDirectories(folder);
      var archive = folder.resolve(name());
      try (var lock =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = lock.lock()) {
        if (Files.notExists(archive)) {
          make(archive);
        }
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts tests", e);
    }
  }

  /// Another one whenever a jar has changed.
  private static String name() throws IOException {
    var facts = new StringBuilder(System.getProperty("java.vm.version") + "\n");
    for (var jar : jars().toList()) {
      facts.append(jar).append(' ').append(Files.size(jar)).append(' ');
      facts.append(Files.getLastModifiedTime(jar)).append('\n');
    }
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(facts.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8) + ".jsa";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected every Java to have SHA-256", e);
    }
  }

  private static void make(Path archive) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("capataz-classes").toRealPath();
    try (var former = Files.newDirectoryStream(archive.getParent(), "*.jsa")) {
      for (var file : former) {
        Files.delete(file);
      }
    }
    // One run has all programs do what they do for a job.
    var launcher = Site.launcher(folder, List.of());
    call(
        folder,
        Map.of("JAVA_TOOL_OPTIONS", "-XX:DumpLoadedClassList=" + folder.resolve("%p.classes")),
        List.of(launcher.toString(), "run", "--", "true"));
    var made = archive.resolveSibling("next");
    call(
        folder,
        Map.of(),
        List.of(
            JAVA,
            "-Xshare:dump",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:SharedClassListFile=" + Files.write(folder.resolve("all"), classes(folder)),
            "-XX:SharedArchiveFile=" + made,
            "-cp",
            CLASS_PATH));
    Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    Site.delete(folder);
  }

  /// The classes of all lists. The numbers are for the classes of other loaders, which are left
  /// out.
  private static List<String> classes(Path folder) throws IOException {
    var all = new LinkedHashSet<String>();
    try (var lists = Files.newDirectoryStream(folder, "*.classes")) {
      for (var list : lists) {
        for (var line : Files.readAllLines(list)) {
          if (!line.startsWith("#") && !line.contains(" source: ")) {
            all.add(line.replaceFirst(" id: [0-9]+$", ""));
          }
        }
      }
    }
    return new ArrayList<>(all);
  }

  private static void call(Path folder, Map<String, String> variables, List<String> command)
      throws IOException, InterruptedException {
    var log = folder.resolve("log");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(Map.of("HOME", folder.toString(), "LC_ALL", "C.UTF-8"));
    builder.environment().putAll(variables);
    var call = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(call.waitFor()).as(() -> "see " + log).isZero();
  }
}
