package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.by;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.target;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import org.capataz.model.JobState;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.state.Attempt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every verb makes of a job and of a task in every state: the tables of the model.
class VerbsTest {

  private final Cluster cluster = cluster().node("n1", 1);

  /// A job of two tasks, of which the first has the state's name where it is to run.
  private SubmittedJob jobThatIs(String state) {
    if (state.equals("Configuring")) {
      return cluster.configure(job(task()).task(task()));
    }
    if (state.equals("Queued")) {
      cluster.submit(job(task()).priority("Highest"));
    }
    var job = cluster.submit(job(task()).task(task()));
    switch (state) {
      case "Canceling", "Canceled" -> cluster.cancel(job);
      case "Finishing" -> cluster.finish(job, Command.Manner.GRACEFUL);
      case "Failed" -> cluster.fails(job.task(1)).finishes(job.task(2));
      case "Finished" -> cluster.finishes(job.task(1)).finishes(job.task(2));
      default -> {}
    }
    if (state.equals("Canceled")) {
      cluster.stops(job.task(1));
    }
    assertThat(job.state()).hasToString(state);
    return job;
  }

  private static Command verb(String verb, int job) {
    return switch (verb) {
      case "submit" -> new Command.SubmitJob(job);
      case "cancel" -> new Command.CancelJob(job, Command.Manner.USUAL, by(""));
      case "cancel --graceful" -> new Command.CancelJob(job, Command.Manner.GRACEFUL, by(""));
      case "cancel --force" -> new Command.CancelJob(job, Command.Manner.FORCED, by(""));
      case "finish" -> new Command.FinishJob(job, Command.Manner.USUAL, by(""));
      case "finish --graceful" -> new Command.FinishJob(job, Command.Manner.GRACEFUL, by(""));
      case "requeue" -> new Command.RequeueJob(job, false);
      case "requeue --failed" -> new Command.RequeueJob(job, true);
      case "configure" -> new Command.ConfigureJob(job);
      default -> throw new AssertionError(verb);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      useHeadersInDisplayName = true,
      textBlock =
          """
          VERB              | Configuring | Queued      | Running   | Canceling | Finishing | Finished | Failed      | Canceled
          submit            | Running     | -           | -         | -         | -         | -        | -           | -
          cancel            | Canceled    | Canceled    | Canceling | Canceling | Canceling | -        | -           | Canceled
          cancel --graceful | Canceled    | Canceled    | Canceling | Canceling | Canceling | -        | -           | Canceled
          cancel --force    | Canceled    | Canceled    | Canceling | Canceling | Canceling | -        | -           | Canceled
          finish            | -           | -           | Finishing | -         | Finishing | Finished | -           | -
          finish --graceful | -           | -           | Finishing | -         | Finishing | Finished | -           | -
          requeue           | -           | -           | Canceling | -         | -         | -        | Running     | Running
          requeue --failed  | -           | -           | -         | -         | -         | -        | Running     | Running
          configure         | Configuring | Configuring | -         | -         | -         | -        | Configuring | Configuring
          """)
  void whatAVerbMakesOfAJob(
      String verb,
      String configuring,
      String queued,
      String running,
      String canceling,
      String finishing,
      String finished,
      String failed,
      String canceled) {
    check(verb, JobState.CONFIGURING, configuring);
    check(verb, JobState.QUEUED, queued);
    check(verb, JobState.RUNNING, running);
    check(verb, JobState.CANCELING, canceling);
    check(verb, JobState.FINISHING, finishing);
    check(verb, JobState.FINISHED, finished);
    check(verb, JobState.FAILED, failed);
    check(verb, JobState.CANCELED, canceled);
  }

  private static void check(String verb, JobState state, String next) {
    var fresh = new VerbsTest();
    var job = fresh.jobThatIs(state.toString());

    var answer = fresh.cluster.ask(verb(verb, job.id()));

    if (next == null) {
      assertThat(refusal(answer))
          .as(verb + " of a " + state + " job")
          .isEqualTo(Refusal.Code.WRONG_STATE);
      assertThat(job.state()).isEqualTo(state);
    } else {
      assertThat(answer).as(verb + " of a " + state + " job").isEqualTo(Result.ok(job.id()));
      assertThat(job.state()).as(verb + " of a " + state + " job").hasToString(next);
    }
  }

  private static Refusal.Code refusal(Result<Integer> answer) {
    return Cluster.refused(answer).code();
  }

  // Tasks.

  /// A job whose first task is in this state, and which goes on whatever becomes of it.
  private SubmittedJob jobWithATaskThatIs(String state) {
    var job =
        cluster.submit(
            job(task("first").validExitCodes("0"))
                .task(task("second"))
                .task(task("third"))
                .task(task("fourth").after("third")));
    switch (state) {
      case "Finished" -> cluster.finishes(job.task(1));
      case "Failed" -> cluster.fails(job.task(1));
      case "Canceling" ->
          cluster.does(new Command.CancelTask(target(job, 1), Command.Manner.USUAL, by("")));
      default -> {}
    }
    return job;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      useHeadersInDisplayName = true,
      textBlock =
          """
          STATE     | cancel   | finish   | requeue
          Queued    | Canceled | -        | -
          Running   | Failed   | Finished | Queued
          Canceling | Failed   | Finished | Queued
          Finished  | -        | -        | -
          Failed    | -        | -        | Queued
          Canceled  | Canceled | -        | Queued
          """)
  void whatAVerbMakesOfATask(String state, String cancel, String finish, String requeue) {
    for (var whole : List.of(true, false)) {
      checkTask(state, "cancel", cancel, whole);
      checkTask(state, "finish", finish, whole);
      checkTask(state, "requeue", requeue, whole);
    }
  }

  private static void checkTask(String state, String verb, String next, boolean whole) {
    var fresh = new VerbsTest();
    var job = fresh.jobWithATaskThatIs(state);
    // The second task runs where the first has ended, and waits else; a canceled one has waited.
    var number = state.equals("Queued") || state.equals("Canceled") ? 3 : 1;
    var target = whole ? target(job, number) : target(job, number, 0);
    if (state.equals("Canceled")) {
      fresh.cluster.does(new Command.CancelTask(target, Command.Manner.USUAL, by("before")));
    }
    var what = verb + " of a " + state + " task";
    assertThat(job.task(number).state()).as(what).hasToString(state);

    var answer =
        fresh.cluster.ask(
            switch (verb) {
              case "cancel" -> new Command.CancelTask(target, Command.Manner.USUAL, by("enough"));
              case "finish" -> new Command.FinishTask(target, by("enough"));
              default -> new Command.RequeueTask(target, by("again"));
            });

    if (next == null) {
      assertThat(refusal(answer)).as(what).isEqualTo(Refusal.Code.WRONG_STATE);
      return;
    }
    assertThat(answer).as(what).isEqualTo(Result.ok(job.id()));
    Attempt live = job.job().task(number).live(0);
    if (live != null) {
      assertThat(live.life().state()).as(what).isEqualTo(TaskState.CANCELING);
      // Nothing is to start again at once.
      fresh.cluster.offline("n1");
      fresh.cluster.stops(job.task(number));
    }
    assertThat(job.task(number).state()).as(what).hasToString(next);
    assertThat(job.job().task(number).state()).as(what).hasToString(next);
  }
}
