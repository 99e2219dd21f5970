package org.capataz.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.client.FakeScheduler.event;

import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.capataz.client.FakeScheduler.Telling;
import org.capataz.model.JobProperty;
import org.capataz.model.JobSpec;
import org.capataz.model.JobState;
import org.capataz.model.Priority;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskProperty;
import org.capataz.model.Unit;
import org.junit.jupiter.api.Test;

/// The API as a program uses it.
class ExampleTest {

  /// A study in three steps: submitted, watched to its end, and its result read.
  ///
  /// @return the lines that it printed
  private static List<String> study(Cluster cluster) throws IOException {
    var study =
        JobBuilder.named("study")
            .priority(Priority.NORMAL)
            .cores(1, 16)
            .environment("MODEL", "stommel")
            .task(t -> t.name("prepare").command("./prepare", "--grid", "two boxes"))
            .task(
                t ->
                    t.name("run")
                        .command("./model", "--forcing", "*")
                        .sweep(1, 400)
                        .dependsOn("prepare")
                        .memoryMb(512)
                        .runtime(Duration.ofMinutes(10)))
            .task(t -> t.name("plot").commandLine("sort runs/* | ./plot").dependsOn("run"))
            .build();
    var lines = new ArrayList<String>();

    var job = cluster.submit(study);
    try (var watch = job.watch(WatchOptions.fromNow().untilEnd())) {
      while (watch.hasNext()) {
        var now = watch.next().job();
        lines.add(now.state() + " " + now.taskCounts().ended() + "/" + now.taskCounts().total());
      }
    }
    try (var output = job.output(3, 0, StandardStream.OUTPUT)) {
      lines.add(new String(output.readAllBytes(), UTF_8));
    }
    return lines;
  }

  @Test
  void whereAJobRunsIsSaidInWordsOfTheModel() {
    var draft =
        JobBuilder.unnamed()
            .units(Unit.GPU, 2, 4)
            .exclusive()
            .requestedNodes("n1", "n2")
            .licenses("solver:2")
            .task(t -> t.command("./train", "{seed}").units(Unit.GPU, 1, 1).sweep("seed", "1-4"))
            .task(t -> t.kind(TaskKind.NODE_PREP).command("./stage"))
            .build();

    var job = JobSpec.resolve(draft).orElseThrow();
    assertThat(job.resources().unit()).isEqualTo(Unit.GPU);
    assertThat(job.task(1).sweep().count()).isEqualTo(4);
    assertThat(job.task(2).kind()).isEqualTo(TaskKind.NODE_PREP);
    assertThat(draft.get(JobProperty.REQUESTED_NODES)).contains("n1,n2");
  }

  @Test
  void aStudyIsSubmittedWatchedAndRead() throws IOException {
    var head = new FakeScheduler();
    head.tellings.add(
        new Telling(
            List.of(event(1, 1, JobState.RUNNING), event(2, 1, JobState.FINISHED)), Status.OK));
    head.output = "a curve";

    try (var cluster = new RemoteCluster(new FakeHeads(head), ConnectOptions.of("fake"))) {
      assertThat(study(cluster)).containsExactly("Running 0/0", "Finished 0/0", "a curve");

      var draft = cluster.job(1).draft();
      assertThat(draft.get(JobProperty.MAX_CORES)).contains("16");
      assertThat(draft.get(JobProperty.EXPANDED_PRIORITY)).contains("2000");
      assertThat(draft.environment()).containsEntry("MODEL", "stommel");
      assertThat(draft.tasks().getFirst().get(TaskProperty.COMMAND_LINE))
          .contains("./prepare --grid 'two boxes'");
      assertThat(draft.tasks().get(1).get(TaskProperty.RUNTIME_SECONDS)).contains("600");
      assertThat(draft.tasks().get(2).get(TaskProperty.DEPENDS_ON)).contains("run");
    }
  }
}
