package org.capataz.scheduler.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.Parts;
import org.capataz.scheduler.event.AttemptEnd;
import org.junit.jupiter.api.Test;

/// Every step in every state, against the tables in docs/life-cycles.md.
class LifeCyclesTest {

  private static final Path PAGE = Path.of("..", "docs", "life-cycles.md");
  private static final String UPDATE = "capataz.update";

  private static final LifeCycle<JobLife, JobLife.Step> JOB =
      new LifeCycle<>(
          "Job",
          List.of(
              new JobLife.Configuring(),
              new JobLife.Queued(1, 1),
              new JobLife.Running(1, 1, 2, 2),
              new JobLife.Stopping(1, 2, JobState.CANCELED, "", false),
              new JobLife.Stopping(1, 2, JobState.FAILED, "", false),
              new JobLife.Stopping(1, 2, JobState.FINISHED, "", false),
              new JobLife.Stopping(1, 2, JobState.QUEUED, "", false),
              new JobLife.Ended(JobState.FINISHED, 1, 2, 3, ""),
              new JobLife.Ended(JobState.FAILED, 1, 2, 3, ""),
              new JobLife.Ended(JobState.CANCELED, 1, 2, 3, ""),
              new JobLife.Ended(JobState.CANCELED, 0, 0, 3, "")),
          List.of(
              new JobLife.Step.Submit(1, 1),
              new JobLife.Step.Start(2),
              new JobLife.Step.Stop(JobState.CANCELED, "", false),
              new JobLife.Step.End(JobState.FAILED, "", 3),
              new JobLife.Step.Requeue(2),
              new JobLife.Step.Place(3),
              new JobLife.Step.SetClock(4),
              new JobLife.Step.Configure()),
          JobLife::after,
          life ->
              switch (life) {
                case JobLife.Configuring c -> "";
                case JobLife.Queued q -> "";
                case JobLife.Running r -> "";
                case JobLife.Stopping stopping -> stopping.state() + ", then " + stopping.then();
                case JobLife.Ended ended when ended.submitTime() == 0 ->
                    ended.state() + ", never submitted";
                case JobLife.Ended ended -> ended.state().toString();
              });

  private static final AttemptEnd LOST = AttemptEnd.unseen(EndReason.NODE_LOST, 2, 3, "");

  private static final AttemptLife.Step.Stop STOP =
      new AttemptLife.Step.Stop(EndReason.CANCELED, "", false);

  private static final LifeCycle<AttemptLife, AttemptLife.Step> ATTEMPT =
      new LifeCycle<>(
          "Attempt",
          List.of(
              new AttemptLife.Dispatching(),
              new AttemptLife.Assigned(),
              new AttemptLife.Recalled(STOP),
              new AttemptLife.Running(2),
              new AttemptLife.Stopping(0, STOP),
              new AttemptLife.Stopping(2, STOP),
              new AttemptLife.Closing(2, Optional.empty(), LOST, List.of(1)),
              new AttemptLife.Closing(2, Optional.of(STOP), LOST, List.of(1))),
          List.of(
              new AttemptLife.Step.Start(2),
              STOP,
              new AttemptLife.Step.Inherit(),
              new AttemptLife.Step.Recall(STOP),
              new AttemptLife.Step.EndPart(AttemptLife.Part.OTHER, LOST, List.of(1))),
          AttemptLife::after,
          life ->
              switch (life) {
                case AttemptLife.Dispatching d -> "";
                case AttemptLife.Assigned a -> "";
                case AttemptLife.Recalled r -> "";
                case AttemptLife.Running r -> "";
                case AttemptLife.Stopping stopping ->
                    stopping.startTime() == 0 ? "not known to have started" : "started";
                case AttemptLife.Closing closing -> closing.state().toString();
              });

  private static final LifeCycle<GrantLife, GrantLife.Step> GRANT =
      new LifeCycle<>(
          "Grant",
          List.of(
              new GrantLife.Usable(cores(2), 100, 1, 0),
              new GrantLife.Preparing(new GrantLife.Usable(cores(2), 100, 1, 0)),
              new GrantLife.Releasing(new GrantLife.Usable(cores(2), 100, 1, 0)),
              new GrantLife.Returned(5, 8)),
          List.of(
              new GrantLife.Step.Prepare(),
              new GrantLife.Step.Ready(),
              new GrantLife.Step.Resize(cores(1), 50, 3),
              new GrantLife.Step.Release(),
              new GrantLife.Step.SetClock(6),
              new GrantLife.Step.Close(5)),
          GrantLife::after,
          life -> "");

  private static String page() {
    return Stream.of(
            """
            # Life cycles

            Drawn by a test from the tables in `org.capataz.scheduler.life`, and checked by it: every step
            in every state. A dash is a step that cannot follow.

            A job that is Stopping shows as Canceling, or as Finishing on its way to Finished or Failed: what
            still runs is being stopped, and its nodes are being released. An attempt that is Stopping shows
            as Canceling; with its recorded end it leaves the live state, and its instance is Finished, Failed
            or Queued again. One that has several nodes is Closing from the first of them that says it is over
            there, which shows as Finishing (as Canceling if it was Stopping), until the last does: its end is
            recorded then.

            An attempt that is sent to its node ahead of its turn is Assigned, and shows as Queued: it holds
            nothing until those before it on the same cores have ended, of which it inherits them. It may be
            recalled until it has begun. All others start as Dispatching.

            A job that is configured is written anew: nothing is left of its tasks' results, and all of it
            runs when it is submitted again.

            A grant is Preparing while the job's NodePrep task runs on its node, and Releasing while its
            NodeRelease task does; with other jobs it is Usable from first to last.
            """,
            JOB.section(),
            ATTEMPT.section(),
            GRANT.section())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void thePageShowsWhatEveryStepMakesOfEveryState() throws IOException {
    if (Boolean.getBoolean(UPDATE)) {
      Files.writeString(PAGE, page());
    }

    assertThat(PAGE)
        .as(
            "rewrite it with: mvn test -pl model,scheduler -Dtest=LifeCyclesTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D"
                + UPDATE)
        .hasContent(page());
  }

  @Test
  void thePageLeavesNoStateAndNoStepOut() {
    assertThat(JOB.covered()).isEqualTo(types(JobLife.class, JobLife.Step.class));
    assertThat(ATTEMPT.covered()).isEqualTo(types(AttemptLife.class, AttemptLife.Step.class));
    assertThat(GRANT.covered()).isEqualTo(types(GrantLife.class, GrantLife.Step.class));
  }

  private static Set<Class<?>> types(Class<?>... sealed) {
    var types = new LinkedHashSet<Class<?>>();
    for (var type : sealed) {
      types.addAll(List.of(type.getPermittedSubclasses()));
    }
    return types;
  }

  @Test
  void aStepThatCannotFollowNamesStateAndStep() {
    assertThatThrownBy(() -> new JobLife.Configuring().after(new JobLife.Step.Start(1)))
        .isInstanceOf(IllegalStep.class)
        .hasMessage("expected a step that can follow Configuring[], but got Start[time=1]");
  }

  @Test
  void aJobKeepsItsSubmitTimeThroughRequeues() {
    JobLife life = new JobLife.Configuring();
    for (var step :
        List.of(
            new JobLife.Step.Submit(1, 10),
            new JobLife.Step.Start(20),
            new JobLife.Step.End(JobState.FAILED, "", 30),
            new JobLife.Step.Requeue(2))) {
      life = life.after(step);
    }

    assertThat(life).isEqualTo(new JobLife.Queued(10, 2));
  }

  @Test
  void aGrantCountsCoreTimeOverAllItsSizes() {
    var grant =
        new GrantLife.Usable(cores(4), 0, 100, 0)
            .after(new GrantLife.Step.Resize(cores(1), 0, 110))
            .after(new GrantLife.Step.Resize(cores(3), 0, 120))
            .after(new GrantLife.Step.Close(130));

    assertThat(grant).isEqualTo(new GrantLife.Returned(130, 4 * 10 + 10 + 3 * 10));
  }

  @Test
  void aClockThatWentBackTakesNoCoreTimeAway() {
    var grant = new GrantLife.Usable(cores(4), 0, 100, 7);

    assertThat(grant.after(new GrantLife.Step.Close(50))).isEqualTo(new GrantLife.Returned(50, 7));
  }

  private static Parts cores(int count) {
    return Parts.ofCores(CoreSet.first(count));
  }
}
