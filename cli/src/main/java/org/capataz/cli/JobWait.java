package org.capataz.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.capataz.client.Job;
import org.capataz.client.JobStatus;
import org.capataz.model.JobState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "wait",
    description =
        "Waits until jobs have ended. Exit code: 0 if all Finished, 1 if one did not, 124 if the"
            + " time was over first.",
    footer = {
      "",
      "Examples:",
      "  capataz job wait 12",
      "  capataz job wait 12 13 --timeout 2h && ./evaluate"
    })
final class JobWait extends ClusterCommand {

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "The longest time to wait: seconds, or as 90s, 15m, 2h or 1d. Default: none.")
  private @Nullable String timeout;

  @Mixin private JobIds ids = new JobIds();

  JobWait(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var jobs = ids.checked();
    var deadline =
        timeout == null
            ? Optional.<Instant>empty()
            : Optional.of(
                world
                    .clock()
                    .instant()
                    .plus(Accepted.value(Inputs.timeout(timeout).in("--timeout"))));
    return (cluster, out) -> {
      var ended = new ArrayList<JobStatus>();
      for (var id : jobs) {
        var job = cluster.job(id);
        if (job.status().state() == JobState.CONFIGURING) {
          world
              .streams()
              .say("job " + id + " waits to be submitted; capataz job submit --id " + id);
        }
        var end = end(job, deadline);
        if (end.isEmpty()) {
          world
              .streams()
              .say("expected job " + id + " to end within the time given, but it has not");
          return ExitCode.TIMED_OUT;
        }
        ended.add(end.get());
        FirstFailure.say(job, end.get(), world);
      }
      out.done(JobNoun.JOB, ended, JobNoun::sentence);
      return ended.stream().allMatch(job -> job.state() == JobState.FINISHED)
          ? ExitCode.DONE
          : ExitCode.FAILED;
    };
  }

  private Optional<JobStatus> end(Job job, Optional<Instant> deadline) throws InterruptedException {
    if (deadline.isEmpty()) {
      return Optional.of(job.await());
    }
    var left = Duration.between(world.clock().instant(), deadline.get());
    return job.await(left.isPositive() ? left : Duration.ofMillis(1));
  }
}
