package org.capataz.cli;

import java.util.EnumSet;
import org.capataz.client.JobFilter;
import org.capataz.client.JobStatus;
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
      "  capataz job list --state failed,canceled -o json",
      "  capataz job list --all --name 'night*' --project climate"
    })
final class JobList extends ClusterCommand {

  @Option(names = "--all", description = "Also those that have ended.")
  private boolean all;

  @Option(
      names = "--state",
      paramLabel = "STATE,...",
      description = "Those in one of these states, such as queued or failed.")
  private @Nullable String state;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "Those of this user; '*' for everybody's, which is the default.")
  private @Nullable String user;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Those of this name, or of names that begin so where it ends in '*'.")
  private String name = "*";

  @Option(names = "--project", paramLabel = "NAME", description = "Those of this project.")
  private @Nullable String project;

  @Option(names = "--template", paramLabel = "NAME", description = "Those of this job template.")
  private @Nullable String template;

  JobList(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var filter = filter();
    return (cluster, out) -> {
      try (var jobs = cluster.jobs(filter)) {
        out.list(JobNoun.JOB, jobs.filter(this::isAskedFor));
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
    return user == null || user.equals("*") ? filter : filter.owner(user);
  }

  private boolean isAskedFor(JobStatus job) {
    return (name.endsWith("*")
            ? job.name().startsWith(name.substring(0, name.length() - 1))
            : job.name().equals(name))
        && (project == null || project.equals(job.project()))
        && (template == null || template.equalsIgnoreCase(job.template()));
  }
}
