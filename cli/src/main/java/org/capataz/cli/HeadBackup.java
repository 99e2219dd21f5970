package org.capataz.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.capataz.cli.output.Column;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.CapatazException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = {
      "Writes a copy of the head node's database to a file here, while the head node goes on.",
      "",
      "The file is there as a whole or not at all, and only its owner may read it. Keys and tokens"
          + " are not in it: copy the folders tls and tokens of the head node's data once. Of a"
          + " head node that is stopped, the file db/capataz.mv.db of its data is a backup. Only"
          + " administrators may."
    },
    footer = {
      "",
      "Examples:",
      "  capataz head backup /backup/monday",
      "  capataz head backup today && capataz head check today"
    })
final class HeadBackup extends ClusterCommand {

  /// A file that was written.
  private record Written(Path file, long bytes) {}

  private static final Noun<Written> BACKUP =
      new Noun<>(
          "backups",
          written -> written.file().toString(),
          List.of(
              new Field<>("file", written -> Value.of(written.file().toString())),
              new Field<>("bytes", written -> Value.of(written.bytes()))),
          List.of(
              Column.key("FILE", written -> written.file().toString()),
              Column.number("BYTES", Written::bytes)),
          List.of());

  @Option(names = "--force", description = "Replace a file that exists.")
  private boolean force;

  @Parameters(paramLabel = "FILE", description = "The file to write.")
  private String file = "";

  HeadBackup(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var path = world.directory().resolve(file);
    if (!force && Files.exists(path)) {
      throw Accepted.refused(
          "expected a file that does not exist yet, but " + path + " does; --force replaces it");
    }
    return (cluster, out) -> {
      try {
        cluster.backup(path);
        out.done(
            BACKUP,
            List.of(new Written(path, Files.size(path))),
            written -> "wrote " + written.bytes() + " bytes to " + written.file());
        return ExitCode.DONE;
      } catch (IOException unwritten) {
        throw new CapatazException(
            CapatazException.Code.FAILED,
            "expected to write " + path + ", but: " + unwritten.getMessage(),
            unwritten);
      }
    };
  }
}
