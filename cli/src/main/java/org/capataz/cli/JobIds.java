package org.capataz.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.capataz.cli.output.Output;
import org.capataz.client.CapatazException;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.client.JobStatus;
import picocli.CommandLine.Parameters;

/// The jobs that a command is about.
final class JobIds {

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The job, or several.")
  private List<String> ids = List.of();

  /// All ids, checked before anything is done with the first.
  List<Integer> checked() {
    return ids.stream().map(id -> Accepted.value(Inputs.job(id))).distinct().toList();
  }

  /// Does one thing to each job, whether or not it could be done to the one before, and says what
  /// came of it.
  ///
  /// @return the exit code of the first failure, if there was one
  int forEach(Cluster cluster, World world, Output out, Function<Job, JobStatus> action) {
    var done = new ArrayList<JobStatus>();
    var failures = new ArrayList<CapatazException>();
    for (var id : checked()) {
      try {
        done.add(action.apply(cluster.job(id)));
      } catch (CapatazException failure) {
        if (failure.code() == CapatazException.Code.UNREACHABLE || ids.size() == 1) {
          throw failure;
        }
        failures.add(failure);
        world.streams().say(Accepted.message(failure));
      }
    }
    out.done(JobNoun.JOB, done, JobNoun::sentence);
    return failures.isEmpty() ? ExitCode.DONE : failures.getFirst().code().exitCode();
  }
}
