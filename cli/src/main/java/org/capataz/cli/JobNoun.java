package org.capataz.cli;

import static org.capataz.cli.output.Column.ago;
import static org.capataz.cli.output.Column.elapsed;
import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.number;
import static org.capataz.cli.output.Column.state;
import static org.capataz.cli.output.Column.text;
import static org.capataz.cli.output.Column.time;

import java.util.List;
import java.util.Optional;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.Cores;
import org.capataz.client.JobStatus;
import org.capataz.client.TaskCounts;
import org.capataz.model.JobState;
import org.capataz.model.Unit;

/// What is shown of a job.
final class JobNoun {

  static final Noun<JobStatus> JOB =
      new Noun<>(
          "jobs",
          job -> Integer.toString(job.id()),
          List.of(
              new Field<>("id", job -> Value.of(job.id())),
              new Field<>("name", job -> Value.of(job.name())),
              new Field<>("state", job -> Value.of(job.state().toString())),
              new Field<>("owner", job -> Value.of(job.owner())),
              new Field<>("priority", job -> Value.of(job.priority().toString())),
              new Field<>("expandedPriority", job -> Value.of(job.priority().value())),
              new Field<>("createTime", job -> Value.of(job.times().create())),
              new Field<>("submitTime", job -> Value.ofTime(job.times().submit())),
              new Field<>("startTime", job -> Value.ofTime(job.times().start())),
              new Field<>("endTime", job -> Value.ofTime(job.times().end())),
              new Field<>("unit", job -> Value.of(job.cores().unit().modelName())),
              new Field<>("minCores", job -> cores(job.cores().min())),
              new Field<>("maxCores", job -> cores(job.cores().max())),
              new Field<>("allocatedCores", job -> Value.of(job.cores().allocated())),
              new Field<>("requeueCount", job -> Value.of(job.requeueCount())),
              new Field<>("message", job -> Value.ofText(job.message())),
              new Field<>("project", job -> Value.ofText(job.project())),
              new Field<>("jobTemplate", job -> Value.of(job.template())),
              new Field<>("progress", job -> Value.of(job.progress().percent())),
              new Field<>("progressMessage", job -> Value.ofText(job.progress().message())),
              new Field<>("taskCounts.queued", job -> Value.of(job.taskCounts().queued())),
              new Field<>("taskCounts.running", job -> Value.of(job.taskCounts().running())),
              new Field<>("taskCounts.finished", job -> Value.of(job.taskCounts().finished())),
              new Field<>("taskCounts.failed", job -> Value.of(job.taskCounts().failed())),
              new Field<>("taskCounts.canceled", job -> Value.of(job.taskCounts().canceled())),
              new Field<>("taskCounts.total", job -> Value.of(job.taskCounts().total()))),
          List.of(
              number("ID", JobStatus::id),
              state("STATE", JobStatus::state),
              key("OWNER", JobStatus::owner),
              text("NAME", JobStatus::name),
              key("PRIORITY", job -> job.priority().toString()),
              number("TASKS", JobNoun::ended),
              number("CORES", job -> job.cores().allocated()),
              elapsed("TIME", job -> job.times().start(), job -> job.times().end()),
              ago("SUBMITTED", job -> job.times().submit())),
          List.of(
              number("ID", JobStatus::id),
              text("Name", JobStatus::name),
              state("State", JobStatus::state),
              text("Message", JobStatus::message),
              key("Owner", JobStatus::owner),
              key("Priority", job -> job.priority() + " (" + job.priority().value() + ")"),
              key("Cores", job -> shown(job.cores())),
              key("Tasks", job -> shown(job.taskCounts())),
              text("Progress", JobNoun::progress),
              text("Project", JobStatus::project),
              text("Template", JobStatus::template),
              time("Created", job -> Optional.of(job.times().create())),
              time("Submitted", job -> job.times().submit()),
              time("Started", job -> job.times().start()),
              time("Ended", job -> job.times().end()),
              elapsed("Time", job -> job.times().start(), job -> job.times().end()),
              key("Requeues", job -> job.requeueCount() == 0 ? "" : "" + job.requeueCount())));

  private JobNoun() {}

  /// What happened to the job, as a sentence: `Job 12: Canceled`.
  static String sentence(JobStatus job) {
    return "Job "
        + job.id()
        + ": "
        + job.state()
        + (job.message().isEmpty() || job.message().equalsIgnoreCase(job.state().toString())
            ? ""
            : " (" + job.message() + ")");
  }

  private static String progress(JobStatus job) {
    var message = job.progress().message();
    return job.progress().percent() + " %" + (message.isEmpty() ? "" : ", " + message);
  }

  private static Value cores(int number) {
    return number == 0 ? Value.NONE : Value.of(number);
  }

  private static String shown(Cores cores) {
    var held = cores.allocated() + " held";
    if (cores.min() == 0) {
      return held;
    }
    var most = cores.unit() == Unit.CORE ? "" + cores.max() : cores.unit().count(cores.max());
    return cores.min() + " to " + most + " asked for, " + held;
  }

  /// `402: 12 queued, 2 running, 388 finished`, without what there is none of. How many have ended
  /// of all; of a job that was not submitted, none are counted yet.
  private static String ended(JobStatus job) {
    return job.state() == JobState.CONFIGURING
        ? ""
        : job.taskCounts().ended() + "/" + job.taskCounts().total();
  }

  static String shown(TaskCounts counts) {
    var parts = new StringBuilder();
    part(parts, counts.queued(), "queued");
    part(parts, counts.running(), "running");
    part(parts, counts.finished(), "finished");
    part(parts, counts.failed(), "failed");
    part(parts, counts.canceled(), "canceled");
    return counts.total() + (parts.isEmpty() ? "" : ": " + parts);
  }

  private static void part(StringBuilder parts, long count, String state) {
    if (count > 0) {
      parts.append(parts.isEmpty() ? "" : ", ").append(count).append(' ').append(state);
    }
  }
}
