import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Runs google-java-format over every source file of every module.
///
/// Arguments: `check` (fails, naming the files that are not formatted) or `replace`, and the
/// project's root. Run by the Maven build with the formatter on the class path.
void main(String[] args) throws IOException, InterruptedException {
  boolean check = args[0].equals("check");
  List<String> command =
      new ArrayList<>(
          List.of(
              ProcessHandle.current().info().command().orElse("java"),
              "-XX:TieredStopAtLevel=1",
              "-jar",
              System.getProperty("java.class.path")));
  command.addAll(check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
  command.addAll(sources(Path.of(args[1])));

  int status = new ProcessBuilder(command).inheritIO().start().waitFor();
  if (status != 0 && check) {
    System.err.println(
        "The files named above are not formatted; \"mvn -N -Dformat verify\" formats them.");
  }
  System.exit(status);
}

private static List<String> sources(Path root) throws IOException {
  List<String> found = new ArrayList<>();
  try (var modules = Files.newDirectoryStream(root, Files::isDirectory)) {
    for (Path module : modules) {
      Path src = module.resolve("src");
      if (Files.isDirectory(src)) {
        try (Stream<Path> files = Files.walk(src)) {
          files.filter(file -> file.toString().endsWith(".java")).map(Path::toString).forEach(found::add);
        }
      }
    }
  }
  return found;
}
