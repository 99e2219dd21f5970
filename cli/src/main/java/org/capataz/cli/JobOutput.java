package org.capataz.cli;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.capataz.cli.run.Relay;
import org.capataz.client.Job;
import org.capataz.client.StandardStream;
import org.capataz.client.TaskStatus;
import org.capataz.model.InstanceId;
import org.capataz.model.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "output",
    description = {
      "Prints what tasks have written, from wherever they run or ran: standard output to standard"
          + " output, standard error to standard error.",
      "",
      "Of several tasks or instances each is printed in turn, and named on standard error. A line"
          + " on standard error also stands where long output is not kept, or was removed."
    },
    footer = {
      "",
      "Examples:",
      "  capataz job output 12",
      "  capataz job output 12.1.40 --stderr",
      "  capataz job output 12.1 -f"
    })
final class JobOutput extends ClusterCommand {

  @Parameters(
      paramLabel = "ID[.TASK[.INSTANCE]]",
      description = "The job, the task, or the instance of a sweep.")
  private String id = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Wait for the start, and print what comes until the end.")
  private boolean follow;

  @Option(names = "--stderr", description = "Print the standard error alone, on standard output.")
  private boolean errorsOnly;

  @Option(names = "--stdout", description = "Print the standard output alone.")
  private boolean outputOnly;

  JobOutput(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    if (errorsOnly && outputOnly) {
      throw Accepted.refused("expected --stdout or --stderr, but got both; leave both out instead");
    }
    var reference = Accepted.value(Reference.parse(id));
    return (cluster, out) -> {
      var job = cluster.job(reference.job());
      if (print(job, reference) == 0) {
        sayWhy(job);
      }
      return ExitCode.DONE;
    };
  }

  /// Says what is known where there was nothing to print.
  private void sayWhy(Job job) {
    var status = job.status();
    world
        .streams()
        .say(
            switch (status.state()) {
              case CONFIGURING ->
                  "job " + job.id() + " has not run; capataz job submit --id " + job.id();
              case SUBMITTED, VALIDATING, QUEUED -> "job " + job.id() + " has not started";
              default -> "there is no output";
            });
    FirstFailure.say(job, status, world);
  }

  /// @return how many bytes there were
  private long print(Job job, Reference reference) throws IOException, InterruptedException {
    var several = !isOne(job, reference);
    var bytes = 0L;
    try (var instances = instances(job, reference)) {
      for (var each = instances.iterator(); each.hasNext(); ) {
        var instance = each.next();
        if (several) {
          world.streams().out().flush();
          world.streams().err().println("==> " + instance + " <==");
        }
        bytes += print(job, instance);
      }
    }
    return bytes;
  }

  private static boolean isOne(Job job, Reference reference) {
    return reference.instance().isPresent()
        || (reference.task().isPresent()
            ? !job.task(reference.task().getAsInt()).status().hasInstances()
            : job.status().taskCounts().total() <= 1);
  }

  private Stream<InstanceId> instances(Job job, Reference reference) {
    if (reference.instance().isPresent()) {
      return Stream.of(
          new InstanceId(
              job.id(), reference.task().orElseThrow(), reference.instance().getAsLong()));
    }
    return reference.task().isPresent()
        ? instances(job, job.task(reference.task().getAsInt()).status())
        : job.tasks().flatMap(task -> instances(job, task));
  }

  private static Stream<InstanceId> instances(Job job, TaskStatus task) {
    return task.hasInstances()
        ? job.instances(task.task(), Set.of()).map(instance -> instance.id())
        : Stream.of(new InstanceId(job.id(), task.task(), 0));
  }

  private long print(Job job, InstanceId instance) throws IOException, InterruptedException {
    var streams = world.streams();
    var relay = new Relay(job, instance, follow, streams.err());
    var output = new Relay.Route(StandardStream.OUTPUT, streams.out());
    if (outputOnly) {
      return relay.copy(List.of(output));
    }
    return relay.copy(
        errorsOnly
            ? List.of(new Relay.Route(StandardStream.ERROR, streams.out()))
            : List.of(output, new Relay.Route(StandardStream.ERROR, streams.err())));
  }
}
