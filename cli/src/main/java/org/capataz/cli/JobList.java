package org.capataz.cli;

import java.util.EnumSet;
import org.capataz.client.JobFilter;
import org.capataz.model.JobState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = "Lists jobs, newest first: those that have not ended, unless options say else.",
    footer = {
      "",
      "Examples:",
      "  capataz job list",
      "  capataz job list --all --user ana",
      "  capataz job list --state failed,canceled -o json"
    })
final class JobList extends ClusterCommand {

  @Option(names = "--all", description = "Also those that have ended.")
  private boolean all;

  @Option(
      names = "--state",
      paramLabel = "STATE,...",
      description = "Those in one of these states, such as queued or failed.")
  private @Nullable String state;

  @Option(names = "--user", paramLabel = "NAME", description = "Those of this user.")
  private @Nullable String user;

  JobList(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var filter = filter();
    return (cluster, out) -> {
      try (var jobs = cluster.jobs(filter)) {
        out.list(JobNoun.JOB, jobs);
      }
      return ExitCode.DONE;
    };
  }

  private JobFilter filter() {
    var filter = all ? JobFilter.all() : JobFilter.active();
    if (state != null) {
      var wanted =
          Accepted.value(Inputs.states(state, JobState.values(), JobState::parse).in("--state"));
      filter = JobFilter.all().states(EnumSet.copyOf(wanted));
    }
    return user == null ? filter : filter.owner(user);
  }
}
