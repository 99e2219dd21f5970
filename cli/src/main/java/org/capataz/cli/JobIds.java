package org.capataz.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.Job;
import org.capataz.client.JobStatus;
import picocli.CommandLine.Parameters;

/// The jobs that a command is about.
final class JobIds {

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The job, or several.")
  private List<String> ids = List.of();

  List<Integer> checked() {
    return ids.stream().map(id -> Accepted.value(Inputs.job(id))).distinct().toList();
  }

  /// Does one thing to each job, whether or not it could be done to the one before, and says what
  /// came of it. The exit code is that of the first failure.
  ClusterCommand.Work each(World world, Function<Job, JobStatus> action) {
    var checked = checked();
    return (cluster, out) -> {
      var done = new ArrayList<JobStatus>();
      var code = ExitCode.DONE;
      for (var id : checked) {
        try {
          done.add(action.apply(cluster.job(id)));
        } catch (CapatazException failure) {
          if (failure.code() == Code.UNREACHABLE || checked.size() == 1) {
            throw failure;
          }
          world.streams().say(Accepted.message(failure));
          code = code == ExitCode.DONE ? failure.code().exitCode() : code;
        }
      }
      out.done(JobNoun.JOB, done, JobNoun::sentence);
      return code;
    };
  }
}
