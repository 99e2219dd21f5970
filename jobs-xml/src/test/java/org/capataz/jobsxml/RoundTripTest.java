package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.jobsxml.JobFileReaderTest.message;
import static org.capataz.jobsxml.JobFileReaderTest.read;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobSpec;
import org.capataz.model.Property;
import org.capataz.model.Result;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written is read as the same job.
class RoundTripTest {

  private static final String[] FRAGMENTS = {
    "<", ">", "&", "\"", "'", "]]>", "&lt;", "<!--", " ", "  ", "\t", "\n", "\r", "\r\n", "\u0085",
    "\u2028", "\ufeff", "\ufffd", "a", "B", "7", "*", ",", "=", "ü", "🌊"
  };

  @Test
  void ourFormKeepsEveryDraft() {
    Seeds.forEach(
        300,
        random -> {
          var draft = draft(random);
          assertThat(rewritten(draft, JobFileForm.CAPATAZ).draft()).isEqualTo(draft);
        });
  }

  @Test
  void theFormOfHpcPackKeepsEveryDraftOfHpcPack() {
    Seeds.forEach(
        300,
        random -> {
          var ours = draft(random);
          var draft =
              new JobDraft(
                  Dialect.HPC2008R2,
                  ours.properties(),
                  ours.environment(),
                  ours.unknown(),
                  ours.tasks().stream().map(RoundTripTest::withoutSweepOfOurs).toList(),
                  ours.customProperties());

          assertThat(rewritten(draft, JobFileForm.HPC_PACK).draft()).isEqualTo(draft);
        });
  }

  private static TaskDraft withoutSweepOfOurs(TaskDraft task) {
    var properties = new HashMap<>(task.properties());
    properties.remove(TaskProperty.SWEEP);
    return new TaskDraft(
        properties, task.environment(), task.unknown(), List.of(), task.customProperties());
  }

  @Test
  void theSchemaAcceptsEveryDraftOfKnownAttributes() {
    Seeds.forEach(
        300,
        random -> {
          var known = known(draft(random));
          SchemaTest.validate(JobFile.write(known, JobFileForm.CAPATAZ).orElseThrow());
        });
  }

  private static JobDraft known(JobDraft draft) {
    return new JobDraft(
        draft.dialect(),
        draft.properties(),
        draft.environment(),
        Map.of(),
        draft.tasks().stream()
            .map(
                task ->
                    new TaskDraft(
                            task.properties(),
                            task.environment(),
                            Map.of(),
                            task.axes(),
                            task.customProperties())
                        .with(TaskProperty.COMMAND_LINE, "ls"))
            .toList(),
        draft.customProperties());
  }

  /// What dialects take for granted, and which numbers count, differs.
  @ParameterizedTest
  @EnumSource(Dialect.class)
  void anotherFormMakesAnEqualJob(Dialect dialect) {
    var accepted = new AtomicInteger();
    Seeds.forEach(
        300,
        random -> {
          var draft = counted(random, dialect);
          for (var form : JobFileForm.values()) {
            if (JobSpec.resolve(draft) instanceof Result.Ok<JobSpec> job) {
              accepted.incrementAndGet();
              assertThat(rewritten(draft, form).resolve()).isEqualTo(job);
            }
          }
        });
    assertThat(accepted).hasValueGreaterThan(30);
  }

  /// A draft of what decides how a job and its tasks are counted, much of it left open.
  private static JobDraft counted(RandomGenerator random, Dialect dialect) {
    var draft = new JobDraft(dialect, Map.of(), Map.of(), Map.of(), List.of());
    for (var unit : Unit.values()) {
      draft = some(random, draft, unit.jobMin(), "1", "2");
      draft = some(random, draft, unit.jobMax(), "4", "8");
    }
    draft = some(random, draft, JobProperty.UNIT_TYPE, "Core", "node", "Socket");
    draft = some(random, draft, JobProperty.AUTO_CALCULATE_MIN, "true", "false");
    draft = some(random, draft, JobProperty.AUTO_CALCULATE_MAX, "true", "false");
    draft = some(random, draft, JobProperty.IS_EXCLUSIVE, "true", "false");
    draft = some(random, draft, JobProperty.FAIL_DEPENDENT_TASKS, "true", "false");
    for (var count = 1 + random.nextInt(2); count > 0; count--) {
      var task = TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "ls");
      for (var unit : Unit.values()) {
        task = random.nextInt(6) == 0 ? task.with(unit.taskMin(), oneOf(random, "1", "2")) : task;
        task = random.nextInt(6) == 0 ? task.with(unit.taskMax(), oneOf(random, "2", "3")) : task;
      }
      draft = draft.plus(task);
    }
    return draft;
  }

  private static JobDraft some(
      RandomGenerator random, JobDraft draft, JobProperty property, String... values) {
    return random.nextInt(4) == 0 ? draft.with(property, oneOf(random, values)) : draft;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\u0001", "\u001b[31m", "\ud800", "a\udc00b", "\uffff"})
  void whatXmlCannotHoldIsRefused(String text) {
    var draft = JobDraft.EMPTY.plus(TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, text));

    assertThat(message(JobFile.write(draft, JobFileForm.CAPATAZ)))
        .startsWith("task 1: expected characters that XML can hold, but got U+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a='b'", "1a", "name", "Id", "xmlns", "a:b", "<", "MinCores"})
  void anUnknownAttributeThatWouldBecomeAnotherIsRefused(String name) {
    var draft = new JobDraft(Dialect.CAPATAZ, Map.of(), Map.of(), Map.of(name, "a"), List.of());

    assertThat(message(JobFile.write(draft, JobFileForm.CAPATAZ)))
        .isEqualTo("job: expected the name of an unknown attribute, but got '" + name + "'");
  }

  @Test
  void aSweepOverValuesIsRefusedInTheFormOfHpcPack() {
    var draft =
        JobDraft.EMPTY.plus(TaskDraft.EMPTY.withAxes(List.of(new SweepAxis.Lines(List.of("a")))));

    assertThat(message(JobFile.write(draft, JobFileForm.HPC_PACK)))
        .isEqualTo(
            "task 1: expected a sweep over a range, as HPC Pack has them, but it is one over"
                + " values");
  }

  private static JobFile rewritten(JobDraft draft, JobFileForm form) {
    return switch (JobFile.write(draft, form).then(bytes -> read(bytes))) {
      case Result.Ok<JobFile>(var file) -> file;
      case Result.Refused<JobFile>(var refusal) -> throw new AssertionError(refusal.message());
    };
  }

  // Drafts of everything that a file can say.

  private static JobDraft draft(RandomGenerator random) {
    return new JobDraft(
        Dialect.CAPATAZ,
        properties(random, JobProperty.values()),
        environment(random),
        unknown(random),
        list(random, 4, () -> task(random)),
        environment(random));
  }

  private static TaskDraft task(RandomGenerator random) {
    return new TaskDraft(
        properties(random, TaskProperty.values()),
        environment(random),
        unknown(random),
        axes(random),
        environment(random));
  }

  private static List<SweepAxis> axes(RandomGenerator random) {
    if (random.nextBoolean()) {
      var values = list(random, 4, () -> text(random));
      return values.isEmpty() ? List.of() : List.of(new SweepAxis.Lines(values));
    }
    return list(random, 3, () -> axis(random));
  }

  private static SweepAxis axis(RandomGenerator random) {
    var names = List.of("a", "T_0", "é.-").subList(0, 1 + random.nextInt(3));
    return random.nextBoolean()
        ? new SweepAxis.Listed(names.getLast(), text(random))
        : new SweepAxis.Rows(
            names,
            Stream.generate(() -> text(random))
                .limit((long) names.size() * (1 + random.nextInt(3)))
                .toList());
  }

  private static <P extends Property> Map<P, String> properties(
      RandomGenerator random, P[] catalogue) {
    var properties = new HashMap<P, String>();
    for (var count = random.nextInt(2 * catalogue.length); count > 0; count--) {
      var property = oneOf(random, catalogue);
      properties.put(property, value(random, property));
    }
    return properties;
  }

  private static String value(RandomGenerator random, Property property) {
    return switch (property.type()) {
      case NAME, NAMES -> text(random).replaceAll("\\p{Cc}", "x");
      case PATH, COMMAND_LINE -> text(random);
      case INTEGER ->
          Long.toString(random.nextLong(-999, 1_000_000_000_000L) >> random.nextInt(40));
      case BOOLEAN -> oneOf(random, "true", "false", "1", "0");
      case PRIORITY -> oneOf(random, "Normal", "AboveNormal-20", "2150", "Lowest+500");
      case EXIT_CODES -> oneOf(random, "0", "0,10..20,min..-1", "");
      case JOB_IDS -> oneOf(random, "3,4", "7", "");
      case PARENT_FAILURE -> oneOf(random, "fail", "hold");
      case DATE_TIME -> oneOf(random, "2027-01-31T18:00:00Z", "2027-2-1 6:00");
      case SWEEP -> oneOf(random, "1-10,15,20-40:5", "7", "0-9:3");
      case UNIT -> oneOf(random, "Core", "Socket", "Node", "Gpu");
      case NODE_GROUP_OP -> oneOf(random, "Intersect", "Uniform", "Union");
      case NODE_ORDER -> oneOf(random, "Cores", "-Memory,Cores");
      case LICENSES -> oneOf(random, "a:1", "a:*,b:20");
      case TASK_TYPE ->
          oneOf(random, "Basic", "ParametricSweep", "NodePrep", "NodeRelease", "Service");
    };
  }

  private static Map<String, String> environment(RandomGenerator random) {
    return texts(random, () -> "V" + text(random).replace("=", ""));
  }

  private static Map<String, String> unknown(RandomGenerator random) {
    return texts(
        random,
        () -> "Custom" + String.join("", list(random, 8, () -> oneOf(random, "a", "Z", "0", "9"))));
  }

  private static Map<String, String> texts(RandomGenerator random, Supplier<String> name) {
    var texts = new LinkedHashMap<String, String>();
    for (var count = random.nextInt(4); count > 0; count--) {
      texts.put(name.get(), text(random));
    }
    return texts;
  }

  /// A text of what XML 1.0 can hold, most of it markup, quotes and blanks.
  private static String text(RandomGenerator random) {
    return String.join("", list(random, 12, () -> oneOf(random, FRAGMENTS)));
  }

  @SafeVarargs
  private static <T> T oneOf(RandomGenerator random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static <T> List<T> list(RandomGenerator random, int most, Supplier<T> element) {
    return Stream.generate(element).limit(random.nextInt(most + 1)).toList();
  }
}
