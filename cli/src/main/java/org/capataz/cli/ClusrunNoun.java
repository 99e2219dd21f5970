package org.capataz.cli;

import java.util.List;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;

/// What is shown, to programs, of a command's runs on several nodes.
final class ClusrunNoun {

  static final Noun<Clusrun.NodeRun> RUN =
      new Noun<>(
          "runs",
          run -> Integer.toString(run.job()),
          List.of(
              new Field<>("node", run -> Value.of(run.node())),
              new Field<>("jobId", run -> Value.of(run.job())),
              new Field<>("state", run -> Value.of(run.run().state().toString())),
              new Field<>("exitCode", run -> Value.of(run.run().exitCode())),
              new Field<>("message", run -> Value.ofText(run.run().message())),
              new Field<>("output", run -> Value.of(run.output())),
              new Field<>("errors", run -> Value.of(run.errors()))),
          List.of(),
          List.of());

  private ClusrunNoun() {}
}
