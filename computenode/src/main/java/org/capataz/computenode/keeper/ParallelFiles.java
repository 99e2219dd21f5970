package org.capataz.computenode.keeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.model.AttemptId;
import org.capataz.model.Result;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where parallel attempts find what they need, below the node's data directory:
///
/// ```
/// parallel/mpi-agent              starts a command on another node, as ssh would
/// parallel/requests               a named pipe, on which it calls the keeper
/// parallel/ATTEMPT/hosts.FORM     the attempt's nodes, as MPI launchers read them
/// parallel/ATTEMPT/nodes          addresses and names of its nodes, this one leading
/// parallel/ATTEMPT/call.NAME/     one call of mpi-agent
/// ```
public final class ParallelFiles {

  private static final Logger log = LoggerFactory.getLogger(ParallelFiles.class);

  private final Path root;

  /// Those of the node whose data is in this directory.
  public ParallelFiles(Path dataDirectory) {
    root = dataDirectory.resolve("parallel");
  }

  Path root() {
    return root;
  }

  public Path agent() {
    return root.resolve("mpi-agent");
  }

  Path requests() {
    return root.resolve("requests");
  }

  public Path folder(AttemptId attempt) {
    return root.resolve(attempt.toString().replace('/', '_'));
  }

  /// The attempt that a folder of that name belongs to.
  static Optional<AttemptId> attempt(String folder) {
    return AttemptId.parse(folder.replace('_', '/')) instanceof Result.Ok<AttemptId>(var attempt)
        ? Optional.of(attempt)
        : Optional.empty();
  }

  /// How a line of a host file names a host and its cores. The numbers are those of HPC Pack's
  /// CCP_MPI_HOSTFILE_FORMAT.
  public enum Form {
    /// As MPICH reads it.
    COLON("1", ":"),
    /// As Open MPI reads it; where nothing is said.
    SLOTS("2", " slots="),
    BLANK("3", " ");

    private final String number;
    private final String between;

    Form(String number, String between) {
      this.number = number;
      this.between = between;
    }

    public static Form numbered(String number) {
      return Stream.of(values())
          .filter(form -> form.number.equals(number))
          .findFirst()
          .orElse(SLOTS);
    }
  }

  public Path hosts(AttemptId attempt, Form form) {
    return folder(attempt).resolve("hosts." + form.name().toLowerCase(Locale.ROOT));
  }

  /// Makes the folder of an attempt that is about to start. If that fails the task finds no hosts,
  /// and its launcher says so.
  void write(AttemptId attempt, List<Execution.Peer> peers) {
    try {
      writeAll(attempt, peers);
    } catch (IOException e) {
      log.error("cannot write the hosts of {}: {}", attempt, e.toString());
    }
  }

  private void writeAll(AttemptId attempt, List<Execution.Peer> peers) throws IOException {
    var folder = folder(attempt);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (var form : Form.values()) {
      Files.writeString(
          hosts(attempt, form), lines(peers, p -> p.address() + form.between + p.cores()));
    }
    Files.writeString(folder.resolve("nodes"), lines(peers, p -> p.address() + " " + p.node()));
  }

  private static String lines(List<Execution.Peer> peers, Function<Execution.Peer, String> line) {
    return peers.stream().map(line).collect(Collectors.joining("\n", "", "\n"));
  }

  /// Deletes a folder and all in it, as far as that is possible.
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // What is left is deleted at the keeper's next start.
    }
  }
}
