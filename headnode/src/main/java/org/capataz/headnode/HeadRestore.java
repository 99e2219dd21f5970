package org.capataz.headnode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.capataz.headnode.store.Backup;
import org.capataz.headnode.store.Findings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `capataz head restore`: puts a backup in the place of the database.
@Command(name = "capataz head restore", mixinStandardHelpOptions = true)
final class HeadRestore implements Callable<Integer> {

  @Option(names = "--data", paramLabel = "DIR", description = "The head node's data folder.")
  private @Nullable Path data;

  @Parameters(paramLabel = "FILE", description = "A backup.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws IOException {
    var folder = HeadMain.data(data);
    var restored = new Backup(file).restore(folder.resolve(HeadNode.DATABASE), Instant.now());
    if (!restored.findings().problems().isEmpty()) {
      complain(file, restored.findings());
      System.err.println("capataz: nothing was changed");
      return 1;
    }
    System.out.println("restored " + restored.findings().sentence());
    restored
        .former()
        .ifPresent(former -> System.out.println("the database that was there is now " + former));
    System.out.println(
        "new jobs are numbered from "
            + (restored.lastJob() + 1)
            + "; to start: capataz head start --data "
            + folder);
    return 0;
  }

  static void complain(Path file, Findings findings) {
    System.err.println("capataz: expected " + file + " to agree with itself, but it does not:");
    findings.problems().forEach(problem -> System.err.println("  " + problem));
  }
}
