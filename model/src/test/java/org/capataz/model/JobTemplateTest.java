package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTemplateTest {

  private static JobTemplate template(JobTemplate.Item... items) {
    return new JobTemplate("short", "", List.of(), List.of(items));
  }

  private static JobTemplate.Item words(
      JobProperty property, String standard, String allowed, String required) {
    return new JobTemplate.Item(property, standard, "", "", list(allowed), list(required));
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(","));
  }

  private static JobDraft draft(JobProperty property, String text) {
    return JobDraft.EMPTY
        .with(property, text)
        .plus(TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "true"));
  }

  /// What the template says to a job, empty where nothing.
  private static String said(JobTemplate template, JobDraft draft) {
    var full = template.defaultsFor(draft).on(draft).orElseThrow();
    return template
        .refusal(full, JobSpec.resolve(full).orElseThrow())
        .map(Refusal::message)
        .orElse("");
  }

  @Test
  void whatAJobLeavesOpenIsFilledInAndWhatItSaysStays() {
    var template =
        template(
            JobTemplate.Item.of(JobProperty.PROJECT, "climate"),
            JobTemplate.Item.of(JobProperty.RUNTIME_SECONDS, "600", "1", "3600"));

    assertThat(template.defaultsFor(draft(JobProperty.RUNTIME_SECONDS, "60")).properties())
        .isEqualTo(Map.of(JobProperty.PROJECT, "climate"));
  }

  @Test
  void aPriorityInItsOldFormIsSaidToo() {
    var template = template(JobTemplate.Item.of(JobProperty.PRIORITY, "Lowest", "0", "Normal"));
    var checked = template.check().orElseThrow();

    assertThat(checked.defaultsFor(draft(JobProperty.PRIORITY, "Normal")).properties()).isEmpty();
    assertThat(said(checked, draft(JobProperty.PRIORITY, "Normal+1")))
        .isEqualTo(
            "job template 'short': ExpandedPriority: expected 0 to Normal, but got 'Normal+1'");
  }

  @ParameterizedTest
  @CsvSource({
    "3600, ''",
    "3601, 'job template ''short'': RuntimeSeconds: expected 60 to 3600, but got ''3601'''",
    "59, 'job template ''short'': RuntimeSeconds: expected 60 to 3600, but got ''59'''",
    "0, 'job template ''short'': RuntimeSeconds: expected 60 to 3600, but got ''0'''",
  })
  void aNumberIsWithinItsBoundsAndNoLimitIsAboveAny(String seconds, String refusal) {
    var template = template(JobTemplate.Item.of(JobProperty.RUNTIME_SECONDS, "600", "60", "3600"));

    assertThat(said(template, draft(JobProperty.RUNTIME_SECONDS, seconds))).isEqualTo(refusal);
  }

  @Test
  void aMaximumHoldsForWhatIsWorkedOutToo() {
    var template = template(JobTemplate.Item.of(JobProperty.MAX_CORES, "2", "1", "4"));
    var draft =
        draft(JobProperty.AUTO_CALCULATE_MAX, "true")
            .withTasks(
                List.of(
                    TaskDraft.EMPTY
                        .with(TaskProperty.COMMAND_LINE, "true")
                        .with(TaskProperty.SWEEP, "1-10")));

    assertThat(said(template, draft))
        .isEqualTo("job template 'short': MaxCores: expected 1 to 4, but got '10'");
  }

  @Test
  void coresAreNotFilledInForAJobThatCountsInNodes() {
    var template = template(JobTemplate.Item.of(JobProperty.MAX_CORES, "4"));

    assertThat(template.defaultsFor(draft(JobProperty.MIN_NODES, "2")).properties()).isEmpty();
    assertThat(template.defaultsFor(draft(JobProperty.UNIT_TYPE, "Node")).properties()).isEmpty();
    assertThat(template.defaultsFor(draft(JobProperty.UNIT_TYPE, "Core")).properties())
        .containsKey(JobProperty.MAX_CORES);
  }

  @Test
  void theTemplatesUnitHoldsWhereTheJobNamesNone() {
    var template =
        template(
            JobTemplate.Item.of(JobProperty.UNIT_TYPE, "Node"),
            JobTemplate.Item.of(JobProperty.MAX_NODES, "2"),
            JobTemplate.Item.of(JobProperty.MAX_CORES, "4"));

    assertThat(template.defaultsFor(draft(JobProperty.NAME, "a")).properties())
        .isEqualTo(Map.of(JobProperty.UNIT_TYPE, "Node", JobProperty.MAX_NODES, "2"));
    assertThat(template.defaultsFor(draft(JobProperty.MIN_CORES, "1")).properties())
        .containsKey(JobProperty.MAX_CORES);
  }

  @Test
  void aWordIsOneOfThoseAllowedInAnySpelling() {
    var exclusive = template(words(JobProperty.IS_EXCLUSIVE, "false", "False", ""));
    assertThat(said(exclusive, draft(JobProperty.IS_EXCLUSIVE, "0"))).isEmpty();
    assertThat(said(exclusive, draft(JobProperty.IS_EXCLUSIVE, "1")))
        .isEqualTo("job template 'short': IsExclusive: expected False, but got '1'");

    var project = template(words(JobProperty.PROJECT, "climate", "climate,ocean", ""));
    assertThat(said(project, draft(JobProperty.PROJECT, "Ocean"))).isEmpty();
    assertThat(said(project, draft(JobProperty.PROJECT, "mine")))
        .isEqualTo("job template 'short': Project: expected climate or ocean, but got 'mine'");
  }

  @Test
  void aListHasNothingButWhatIsAllowedAndAllThatIsRequired() {
    var template = template(words(JobProperty.NODE_GROUPS, "all", "all,big,fast", "all"));

    assertThat(said(template, draft(JobProperty.NODE_GROUPS, "Big, all"))).isEmpty();
    assertThat(said(template, draft(JobProperty.NODE_GROUPS, "big")))
        .isEqualTo("job template 'short': NodeGroups: expected all of all, but got 'big'");
    assertThat(said(template, draft(JobProperty.NODE_GROUPS, "all,gpu")))
        .isEqualTo(
            "job template 'short': NodeGroups: expected nothing but all, big, fast, but got 'gpu'");
  }

  @Test
  void ofALicenceItsFeatureCounts() {
    var template = template(words(JobProperty.SOFTWARE_LICENSE, "", "matlab:1", ""));

    assertThat(said(template, draft(JobProperty.SOFTWARE_LICENSE, "matlab:5"))).isEmpty();
    assertThat(said(template, draft(JobProperty.SOFTWARE_LICENSE, "ansys:1"))).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "MaxCores, 8, 1, 4, '', '', 'MaxCores: expected 1 to 4, but got ''8'''",
    "MaxCores, '', 1, 4, '', '', MaxCores: expected a Default beside MinVal and MaxVal",
    "MaxCores, many, '', '', '', '', 'MaxCores: expected a whole number, but got ''many'''",
    "MaxCores, 1, '', '', 1, '', 'MaxCores: expected no ValueRange, as it is no word or list'",
    "Project, a, 1, '', '', '', 'Project: expected no MinVal and MaxVal, as it is no number'",
    "Project, a, '', '', '', a, 'Project: expected no RequiredValues, as it is no list'",
    "Project, a, '', '', b, '', 'Project: expected b, but got ''a'''",
    "NodeGroups, '', '', '', '', a, NodeGroups: expected a Default beside RequiredValues",
    "HoldUntil, 2030-01-01T00:00:00Z, '', '', '', '', HoldUntil: expected a property that"
        + " templates can decide",
    "JobTemplate, a, '', '', '', '', JobTemplate: expected a property that templates can decide",
  })
  void anItemThatCannotHoldIsRefused(
      String name,
      String standard,
      String min,
      String max,
      String allowed,
      String required,
      String message) {
    var property =
        List.of(JobProperty.values()).stream()
            .filter(each -> each.modelName().equals(name))
            .findFirst()
            .orElseThrow();
    var item = new JobTemplate.Item(property, standard, min, max, list(allowed), list(required));

    assertThat(template(item).check())
        .isEqualTo(Result.invalid("job template 'short': " + message));
  }

  @Test
  void aPropertyIsDecidedOnce() {
    var item = JobTemplate.Item.of(JobProperty.PROJECT, "a");
    assertThat(template(item, item).check())
        .isEqualTo(
            Result.invalid("job template 'short': expected Project once, but it comes again"));
  }

  @Test
  void theDefaultTemplateAlwaysExistsAndAllowsEverything() {
    assertThat(ClusterSettings.DEFAULT.template("default"))
        .isEqualTo(Result.ok(JobTemplate.DEFAULT));
    assertThat(JobTemplate.nameOf(draft(JobProperty.JOB_TEMPLATE, " "))).isEqualTo("Default");
    assertThat(said(JobTemplate.DEFAULT, draft(JobProperty.MAX_CORES, "1000"))).isEmpty();
  }
}
