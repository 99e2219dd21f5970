package org.capataz.headnode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.capataz.headnode.store.Backup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `capataz head check`: whether a backup can be restored.
@Command(name = "capataz head check", mixinStandardHelpOptions = true)
final class HeadCheck implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "A backup, or a database file not in use.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws IOException {
    var findings = new Backup(file).check();
    System.out.println(findings.sentence());
    if (findings.problems().isEmpty()) {
      System.out.println("rows and journal agree");
      return 0;
    }
    HeadRestore.complain(file, findings);
    return 1;
  }
}
