package org.capataz.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Result;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.proto.v1.Variable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DraftsTest {

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aDraftIsReadAsItWasSent(@ForAll("drafts") JobDraft draft) {
    assertThat(Drafts.ofMessage(Drafts.toMessage(draft)).orElseThrow()).isEqualTo(draft);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aDraftIsReadAsItWasStored(@ForAll("drafts") JobDraft draft) {
    assertThat(Drafts.ofBytes(Drafts.toBytes(draft))).isEqualTo(draft);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theSameDraftIsStoredAsTheSameBytes(@ForAll("drafts") JobDraft draft) {
    assertThat(Drafts.toBytes(Drafts.ofBytes(Drafts.toBytes(draft))))
        .isEqualTo(Drafts.toBytes(draft));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void aTaskIsReadAsItWasSent(@ForAll("tasks") TaskDraft task) {
    assertThat(Drafts.ofMessage(Drafts.toMessage(task)).orElseThrow()).isEqualTo(task);
  }

  @Test
  void variablesKeepTheirOrder() {
    var read =
        Drafts.environment(
            List.of(variable("Z", "1"), variable("A", "2"), variable("Z", "3"), variable("M", "")));

    assertThat(read).containsExactly(Map.entry("Z", "3"), Map.entry("A", "2"), Map.entry("M", ""));
  }

  @Test
  void aPropertyThatThisVersionDoesNotKnowIsRefused() {
    var job =
        org.capataz.proto.v1.JobDraft.newBuilder()
            .putProperties("Name", "a")
            .putProperties("Warp", "9")
            .build();

    assertThat(refused(Drafts.ofMessage(job)))
        .isEqualTo("expected a property of this version, but got 'Warp'");
  }

  @Test
  void aPropertyOfATaskThatThisVersionDoesNotKnowIsRefusedWithItsPlace() {
    var task = org.capataz.proto.v1.TaskDraft.newBuilder().putProperties("Warp", "9").build();
    var job =
        Drafts.toMessage(JobDraft.EMPTY.plus(TaskDraft.EMPTY)).toBuilder().addTasks(task).build();

    assertThat(refused(Drafts.ofMessage(job)))
        .isEqualTo("task 2: expected a property of this version, but got 'Warp'");
  }

  @Test
  void namesOfPropertiesAreExactOnTheWire() {
    var job = org.capataz.proto.v1.JobDraft.newBuilder().putProperties("name", "a").build();

    assertThat(refused(Drafts.ofMessage(job))).contains("'name'");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aDialectThatThisVersionDoesNotKnowIsRefused(int dialect) {
    var job = org.capataz.proto.v1.JobDraft.newBuilder().setDialect(dialect).build();

    assertThat(refused(Drafts.ofMessage(job)))
        .isEqualTo("expected a known dialect, but got " + dialect);
  }

  @Test
  void damagedBytesOfTheStoreAreABrokenPromise() {
    assertThatIllegalStateException().isThrownBy(() -> Drafts.ofBytes(new byte[] {1, 2, 3}));
  }

  @Provide
  Arbitrary<JobDraft> drafts() {
    return Combinators.combine(
            Arbitraries.of(Dialect.values()),
            Arbitraries.maps(Arbitraries.of(JobProperty.values()), text()),
            texts(),
            texts(),
            tasks().list().ofMaxSize(4))
        .as(JobDraft::new);
  }

  @Provide
  Arbitrary<TaskDraft> tasks() {
    return Combinators.combine(
            Arbitraries.maps(Arbitraries.of(TaskProperty.values()), text()),
            texts(),
            texts(),
            text().list().ofMaxSize(4))
        .as(TaskDraft::new);
  }

  private static Arbitrary<Map<String, String>> texts() {
    return Arbitraries.maps(text(), text()).ofMaxSize(4);
  }

  private static Arbitrary<String> text() {
    return Arbitraries.of("", " ", "a", "B", "\n", "\0", "ü", "🌊", "=", "\ufeff", "\u2028")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  private static Variable variable(String name, String value) {
    return Variable.newBuilder().setName(name).setValue(value).build();
  }

  private static String refused(Result<?> result) {
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused<?>) result).refusal().message();
  }
}
