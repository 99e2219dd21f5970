package org.capataz.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A checkout with this project's build and launcher, but with small programs of the test's own in
/// place of Capataz's, so that a build is short and a test says what the programs do.
///
/// Builds are Maven's if `path` is empty. Otherwise it is searched before PATH, and its `mvn`
/// compiles the programs alone and at once.
record StandInCheckout(Path root, String path) {
  private static final String COMPILER =
      """
      #!/bin/sh
      set -eu
      lib=dist/target/quick/capataz/lib
      rm -rf dist/target/quick && mkdir -p "$lib"
      for module in cli headnode computenode; do
        find $module/src/main/java -name '*.java' -exec "$JAVA_HOME/bin/javac" \\
          -J-XX:TieredStopAtLevel=1 -d "$module/target/quick/classes" {} +
        program=$(basename "$(find $module/src -name '*Main.java')" .java)
        "$JAVA_HOME/bin/jar" -cfe "$lib/capataz-$module-1.jar" "org.capataz.$module.$program" \\
          -C "$module/target/quick/classes" .
      done
      """;

  /// What a program that has ended left behind.
  record Outcome(int exitCode, String output, String errors) {}

  /// A call of the launcher, and the files that its output and errors go to.
  record Running(Process process, Path output, Path errors) {

    /// Waits for the end, but not for ever.
    Outcome end() throws IOException, InterruptedException {
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException("expected the call to end, but it is still running");
      }
      return new Outcome(
          process.exitValue(), Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
    }

    /// Waits until the program has said something, but not for ever.
    Running hasSaid(String text) throws IOException, InterruptedException {
      while (!Files.readString(output, UTF_8).contains(text)) {
        if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("expected \"" + text + "\", but got " + end());
        }
      }
      return this;
    }
  }

  /// A checkout that Maven builds.
  static StandInCheckout builtByMaven(Path root) throws IOException {
    copyCheckout(root);
    return new StandInCheckout(root, "");
  }

  /// A checkout whose `mvn` is a stand-in too.
  static StandInCheckout builtAtOnce(Path root, Path tools) throws IOException {
    copyCheckout(root);
    Files.createDirectories(tools);
    Path maven = Files.writeString(tools.resolve("mvn"), COMPILER);
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new StandInCheckout(root, tools + ":");
  }

  private static void copyCheckout(Path root) throws IOException {
    Path original = Path.of(System.getProperty("basedir", "."), "..").toRealPath();
    for (String name : List.of("pom.xml", ".mvn", "bin", "mvnw", "LICENSE", "NOTICE")) {
      copy(original.resolve(name), root.resolve(name));
    }
    try (var modules = Files.newDirectoryStream(original, Files::isDirectory)) {
      for (Path module : modules) {
        Path pom = module.resolve("pom.xml");
        if (Files.exists(pom)) {
          copy(pom, root.resolve(original.relativize(pom)));
        }
      }
    }
    for (String name : List.of("dist/src", "proto/src/main/protobuf")) {
      copy(original.resolve(name), root.resolve(name));
    }
  }

  Path launcher() {
    return root.resolve("bin/capataz");
  }

  /// Writes the source of a class of the command line, the head node or the compute node.
  StandInCheckout with(String module, String className, String body) throws IOException {
    Path file = source(module, className);
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        package org.capataz.%s;

        public final class %s {
        %s
        }
        """
            .formatted(module, className, body));
    return this;
  }

  StandInCheckout without(String module, String className) throws IOException {
    Files.delete(source(module, className));
    return this;
  }

  Path source(String module, String className) {
    return root.resolve(module + "/src/main/java/org/capataz/" + module)
        .resolve(className + ".java");
  }

  /// The finished builds, each a directory.
  List<Path> builds() throws IOException {
    try (Stream<Path> entries = Files.list(root.resolve("dist/.builds"))) {
      return entries.filter(Files::isDirectory).toList();
    }
  }

  /// Runs the launcher to its end.
  Outcome run(String... arguments) throws IOException, InterruptedException {
    return start(Map.of(), launcher(), arguments).end();
  }

  /// Starts the launcher by the path given, from a folder that is not the checkout.
  Running start(Map<String, String> environment, Path command, String... arguments)
      throws IOException {
    Path folder = Files.createTempDirectory(root.getParent(), "call");
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    var builder =
        new ProcessBuilder(
                Stream.concat(Stream.of(command.toString()), Stream.of(arguments)).toList())
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    String repository = System.getProperty("maven.repo.local");
    if (repository != null) {
      builder.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + repository);
    }
    builder.environment().put("CAPATAZ_WARM_UP", "no");
    builder.environment().merge("PATH", path, (inherited, first) -> first + inherited);
    builder.environment().putAll(environment);
    return new Running(builder.start(), output, errors);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(
          file -> {
            try {
              Path target = to.resolve(from.relativize(file).toString());
              Files.createDirectories(Files.isDirectory(file) ? target : target.getParent());
              if (!Files.isDirectory(file)) {
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
