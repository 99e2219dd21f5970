package org.capataz.cli;

import java.util.ArrayList;
import java.util.function.Function;
import org.capataz.client.Job;
import org.capataz.client.JobStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "modify",
    description = "Changes queued or running jobs.",
    footer = {
      "",
      "Examples:",
      "  capataz job modify 12 --max-running 4",
      "  capataz job modify 12 --holduntil 2027-01-31T18:00"
    })
final class JobModify extends ClusterCommand {

  @Option(
      names = "--max-running",
      paramLabel = "N",
      description = "Instances of each sweep of the job that may run at once; 0 for no limit.")
  private @Nullable String maxRunning;

  @Option(
      names = "--holduntil",
      paramLabel = "TIME",
      description =
          "Hold queued jobs until this date and time, or for so many minutes; 'now' lets them go.")
  private @Nullable String holdUntil;

  @Mixin private JobIds ids = new JobIds();

  JobModify(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var changes = new ArrayList<Function<Job, JobStatus>>();
    if (maxRunning != null) {
      int most = Accepted.value(Inputs.count(maxRunning).in("--max-running"));
      changes.add(job -> job.throttle(most));
    }
    if (holdUntil != null) {
      changes.add(hold(holdUntil));
    }
    if (changes.isEmpty()) {
      throw Accepted.refused(
          "expected something to change, such as --max-running 4 or --holduntil 60");
    }
    return ids.each(
        world,
        job -> {
          var status = changes.getFirst().apply(job);
          for (var change : changes.subList(1, changes.size())) {
            status = change.apply(job);
          }
          return status;
        });
  }

  private Function<Job, JobStatus> hold(String text) {
    if (text.equalsIgnoreCase("now")) {
      return Job::release;
    }
    var time = Accepted.value(HoldTimes.parse(text, world).in("--holduntil"));
    return job -> job.holdUntil(time);
  }
}
