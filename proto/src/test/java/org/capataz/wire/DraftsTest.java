package org.capataz.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Result;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.proto.v1.Variable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DraftsTest {

  private static final String[] FRAGMENTS = {
    "", " ", "a", "B", "\n", "\0", "ü", "🌊", "=", "\ufeff", "\u2028"
  };

  @Test
  void aDraftIsReadAsItWasSent() {
    Seeds.forEach(
        300,
        random -> {
          var draft = draft(random);
          assertThat(Drafts.ofMessage(Drafts.toMessage(draft)).orElseThrow()).isEqualTo(draft);
        });
  }

  @Test
  void aDraftIsReadAsItWasStored() {
    Seeds.forEach(
        300,
        random -> {
          var draft = draft(random);
          assertThat(Drafts.ofBytes(Drafts.toBytes(draft))).isEqualTo(draft);
        });
  }

  @Test
  void theSameDraftIsStoredAsTheSameBytes() {
    Seeds.forEach(
        100,
        random -> {
          var bytes = Drafts.toBytes(draft(random));
          assertThat(Drafts.toBytes(Drafts.ofBytes(bytes))).isEqualTo(bytes);
        });
  }

  @Test
  void aTaskIsReadAsItWasSent() {
    Seeds.forEach(
        100,
        random -> {
          var task = task(random);
          assertThat(Drafts.ofMessage(Drafts.toMessage(task)).orElseThrow()).isEqualTo(task);
        });
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

  private static JobDraft draft(RandomGenerator random) {
    return new JobDraft(
        oneOf(random, Dialect.values()),
        properties(random, JobProperty.values()),
        texts(random),
        texts(random),
        list(random, 4, () -> task(random)),
        texts(random));
  }

  private static TaskDraft task(RandomGenerator random) {
    return new TaskDraft(
        properties(random, TaskProperty.values()),
        texts(random),
        texts(random),
        list(random, 4, () -> axis(random)),
        texts(random));
  }

  private static SweepAxis axis(RandomGenerator random) {
    return switch (random.nextInt(3)) {
      case 0 -> new SweepAxis.Lines(list(random, 4, () -> text(random)));
      case 1 -> new SweepAxis.Listed("seed", text(random));
      default -> new SweepAxis.Rows(List.of("a", "b"), list(random, 4, () -> text(random)));
    };
  }

  private static <P> Map<P, String> properties(RandomGenerator random, P[] catalogue) {
    var properties = new HashMap<P, String>();
    for (var count = random.nextInt(2 * catalogue.length); count > 0; count--) {
      properties.put(oneOf(random, catalogue), text(random));
    }
    return properties;
  }

  private static Map<String, String> texts(RandomGenerator random) {
    var texts = new LinkedHashMap<String, String>();
    for (var count = random.nextInt(5); count > 0; count--) {
      texts.put(text(random), text(random));
    }
    return texts;
  }

  private static String text(RandomGenerator random) {
    return String.join("", list(random, 6, () -> oneOf(random, FRAGMENTS)));
  }

  private static <T> T oneOf(RandomGenerator random, T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static <T> List<T> list(RandomGenerator random, int most, Supplier<T> element) {
    return Stream.generate(element).limit(random.nextInt(most + 1)).toList();
  }

  private static Variable variable(String name, String value) {
    return Variable.newBuilder().setName(name).setValue(value).build();
  }

  private static String refused(Result<?> result) {
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused<?>) result).refusal().message();
  }
}
