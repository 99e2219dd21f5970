package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.refused;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import java.util.Map;
import org.capataz.model.JobChange;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.JobTemplate;
import org.capataz.model.Refusal;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;

class TemplateScenarioTest {

  private static final JobTemplate SHORT =
      new JobTemplate(
          "Short",
          "",
          List.of(),
          List.of(
              JobTemplate.Item.of(JobProperty.RUNTIME_SECONDS, "600", "1", "3600"),
              JobTemplate.Item.of(JobProperty.EXPANDED_PRIORITY, "2500")));

  private static Command.ChangeSettings set(JobTemplate template) {
    return new Command.ChangeSettings(Map.of(), Map.of(), List.of(template), List.of());
  }

  private static Command.ChangeSettings delete(String name) {
    return new Command.ChangeSettings(Map.of(), Map.of(), List.of(), List.of(name));
  }

  private static JobSketch shortJob() {
    return job(task()).with(JobProperty.JOB_TEMPLATE, "short");
  }

  @Test
  void aJobGetsTheDefaultsOfItsTemplateWhenItIsSubmitted() {
    var cluster = cluster().does(set(SHORT));
    var submitted = cluster.submit(shortJob());
    var made = cluster.configure(shortJob().priority("Lowest"));

    assertThat(submitted.job().spec().runtimeSeconds()).isEqualTo(600);
    assertThat(submitted.job().priority().value()).isEqualTo(2500);
    assertThat(made.job().draft().get(JobProperty.RUNTIME_SECONDS)).isEmpty();

    cluster.does(new Command.SubmitJob(made.id()));
    assertThat(made.job().spec().runtimeSeconds()).isEqualTo(600);
    assertThat(made.job().draft().get(JobProperty.RUNTIME_SECONDS)).contains("600");
    assertThat(made.job().priority().value()).isZero();
  }

  @Test
  void aJobOutsideOfItsTemplateIsRefusedWhenItIsSubmittedOrChanged() {
    var cluster = cluster().does(set(SHORT));

    var refusal = "job template 'Short': RuntimeSeconds: expected 1 to 3600, but got '7200'";
    assertThat(cluster.refusal(shortJob().limit(7200)).message()).isEqualTo(refusal);
    var queued = cluster.submit(shortJob().limit(60));
    var longer = JobChange.of(JobProperty.RUNTIME_SECONDS, "7200");
    assertThat(refused(cluster.modify(queued, longer)).message()).isEqualTo(refusal);

    cluster.node("n1", 1);
    assertThat(queued.state()).isEqualTo(JobState.RUNNING);
    assertThat(refused(cluster.modify(queued, longer)).message()).isEqualTo(refusal);
  }

  @Test
  void aQueuedJobThatLeavesSomethingOpenAgainGetsTheDefault() {
    var cluster = cluster().does(set(SHORT));
    var queued = cluster.submit(shortJob().limit(60));

    cluster.modify(queued, JobChange.of(JobProperty.RUNTIME_SECONDS, ""));

    assertThat(queued.job().spec().runtimeSeconds()).isEqualTo(600);
  }

  @Test
  void jobsThatNameNoTemplateAreHeldToTheOneOfTheNameDefault() {
    var cluster = cluster();
    assertThat(cluster.submit(task()).job().spec().runtimeSeconds()).isZero();

    cluster.does(set(new JobTemplate("default", "", List.of(), SHORT.items())));

    assertThat(cluster.submit(task()).job().spec().runtimeSeconds()).isEqualTo(600);
  }

  @Test
  void whatATemplateBecomesLaterDoesNotChangeJobsThatAreInTheQueue() {
    var cluster = cluster().does(set(SHORT));
    var queued = cluster.submit(shortJob());

    cluster.does(
        set(
            new JobTemplate(
                "SHORT",
                "",
                List.of(),
                List.of(JobTemplate.Item.of(JobProperty.RUNTIME_SECONDS, "5", "1", "9")))));

    assertThat(cluster.state().settings().templates()).containsOnlyKeys("SHORT");
    assertThat(queued.job().spec().runtimeSeconds()).isEqualTo(600);
    cluster.does(delete("short"));
    cluster.node("n1", 1);
    assertThat(queued.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aTemplateIsForItsUsersAlone() {
    var cluster = cluster().does(set(new JobTemplate("short", "", List.of("bob"), List.of())));

    assertThat(cluster.refusal(shortJob()))
        .isEqualTo(
            new Refusal(
                Refusal.Code.NOT_ALLOWED,
                "expected a job template that ada may use, but short is for others; capataz"
                    + " template list shows them"));
  }

  @Test
  void aTemplateThatDoesNotExistIsRefused() {
    assertThat(cluster().refusal(shortJob()).code()).isEqualTo(Refusal.Code.NOT_FOUND);
    assertThat(refused(cluster().ask(delete("short"))).code()).isEqualTo(Refusal.Code.NOT_FOUND);
  }

  @Test
  void theTemplateOfTheNameDefaultCannotBeDeleted() {
    assertThat(refused(cluster().ask(delete("default"))).code())
        .isEqualTo(Refusal.Code.WRONG_STATE);
  }

  @Test
  void aRefusalThatComesFromADefaultSaysSo() {
    var cluster =
        cluster()
            .does(
                set(
                    new JobTemplate(
                        "short",
                        "",
                        List.of(),
                        List.of(JobTemplate.Item.of(JobProperty.MAX_CORES, "4")))));

    assertThat(cluster.refusal(shortJob().with(JobProperty.MIN_CORES, "8")).message())
        .isEqualTo(
            "with the defaults of job template 'short': expected MinCores of at most MaxCores, but"
                + " got 8 and 4");
  }
}
