package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.jobsxml.JobFileReaderTest.message;
import static org.capataz.jobsxml.JobFileReaderTest.read;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Property;
import org.capataz.model.Result;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written is read as the same job.
class RoundTripTest {

  private static final List<String> FRAGMENTS =
      List.of(
          "<", ">", "&", "\"", "'", "]]>", "&lt;", "<!--", " ", "  ", "\t", "\n", "\r", "\r\n",
          "\u0085", "\u2028", "\ufeff", "\ufffd", "a", "B", "7", "*", ",", "=", "ü", "🌊");

  @net.jqwik.api.Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void ourFormKeepsEveryDraft(@ForAll("drafts") JobDraft draft) {
    assertThat(rewritten(draft, JobFileForm.CAPATAZ).draft()).isEqualTo(draft);
  }

  @net.jqwik.api.Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void theFormOfHpcPackKeepsEveryDraftOfHpcPack(@ForAll("drafts") JobDraft ours) {
    var draft =
        new JobDraft(
            Dialect.HPC2008R2,
            ours.properties(),
            ours.environment(),
            ours.unknown(),
            ours.tasks().stream().map(task -> task.withSweepValues(List.of())).toList());

    assertThat(rewritten(draft, JobFileForm.HPC_PACK).draft()).isEqualTo(draft);
  }

  @net.jqwik.api.Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void theSchemaAcceptsEveryDraftOfKnownAttributes(@ForAll("drafts") JobDraft draft) {
    var known =
        new JobDraft(
            draft.dialect(),
            draft.properties(),
            draft.environment(),
            Map.of(),
            draft.tasks().stream()
                .map(
                    task ->
                        new TaskDraft(
                                task.properties(), task.environment(), Map.of(), task.sweepValues())
                            .with(TaskProperty.COMMAND_LINE, "ls"))
                .toList());

    SchemaTest.validate(JobFile.write(known, JobFileForm.CAPATAZ).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void anotherFormDoesNotChangeWhatAFailedTaskDoes(Dialect dialect) {
    var draft =
        new JobDraft(
            dialect,
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "ls")));
    for (var form : JobFileForm.values()) {
      assertThat(rewritten(draft, form).resolve().orElseThrow().failureRule().failsDependents())
          .isEqualTo(dialect.failsDependents());
    }
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
    var draft = JobDraft.EMPTY.plus(TaskDraft.EMPTY.withSweepValues(List.of("a")));

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

  @Provide
  Arbitrary<JobDraft> drafts() {
    return Combinators.combine(
            properties(JobProperty.values()), environment(), unknown(), tasks().list().ofMaxSize(4))
        .as(
            (properties, environment, unknown, tasks) ->
                new JobDraft(Dialect.CAPATAZ, properties, environment, unknown, tasks));
  }

  private static Arbitrary<TaskDraft> tasks() {
    return Combinators.combine(
            properties(TaskProperty.values()), environment(), unknown(), text().list().ofMaxSize(4))
        .as(TaskDraft::new);
  }

  private static <P extends Property> Arbitrary<Map<P, String>> properties(P[] catalogue) {
    return Arbitraries.of(catalogue)
        .set()
        .flatMap(
            chosen ->
                Combinators.combine(chosen.stream().map(RoundTripTest::value).toList())
                    .as(
                        values -> {
                          var properties = new HashMap<P, String>();
                          var value = values.iterator();
                          chosen.forEach(property -> properties.put(property, value.next()));
                          return properties;
                        }));
  }

  private static Arbitrary<String> value(Property property) {
    return switch (property.type()) {
      case NAME, NAMES ->
          text().map(text -> text.replaceAll("\\p{Cc}", "x")).filter(t -> t.length() <= 128);
      case PATH, COMMAND_LINE -> text();
      case INTEGER -> Arbitraries.longs().between(-999, 999_999_999_999L).map(String::valueOf);
      case BOOLEAN -> Arbitraries.of("true", "false", "1", "0");
      case PRIORITY -> Arbitraries.of("Normal", "AboveNormal-20", "2150", "Lowest+500");
      case UNIT -> Arbitraries.just("Core");
      case TASK_TYPE -> Arbitraries.of("Basic", "ParametricSweep");
    };
  }

  private static Arbitrary<Map<String, String>> environment() {
    return Arbitraries.maps(text().map(name -> "V" + name.replace("=", "")), text()).ofMaxSize(3);
  }

  private static Arbitrary<Map<String, String>> unknown() {
    return Arbitraries.maps(
            Arbitraries.strings().alpha().numeric().ofMaxLength(8).map(name -> "Custom" + name),
            text())
        .ofMaxSize(3);
  }

  /// Texts of what XML 1.0 can hold, most of it markup, quotes and blanks.
  private static Arbitrary<String> text() {
    return Arbitraries.of(FRAGMENTS).list().ofMaxSize(12).map(parts -> String.join("", parts));
  }
}
