package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A set of cores is what the JDK's bit set is, and does not change.
class CoreSetTest {

  @Test
  void operationsAgreeWithTheBitSet() {
    Seeds.forEach(1000, random -> operationsAgree(set(random), set(random)));
  }

  private static void operationsAgree(BitSet a, BitSet b) {
    var one = of(a);
    var other = of(b);
    var both = (BitSet) a.clone();
    both.or(b);
    var rest = (BitSet) a.clone();
    rest.andNot(b);

    assertThat(one.plus(other)).isEqualTo(of(both)).hasSameHashCodeAs(of(both));
    assertThat(one.minus(other)).isEqualTo(of(rest)).hasSameHashCodeAs(of(rest));
    assertThat(one.intersects(other)).isEqualTo(a.intersects(b));
    assertThat(one.containsAll(other)).isEqualTo(both.equals(a));
    assertThat(one.equals(other)).isEqualTo(a.equals(b));
    assertThat(one.size()).isEqualTo(a.cardinality());
    assertThat(one.isEmpty()).isEqualTo(a.isEmpty());
    assertThat(one).isEqualTo(of(a));
  }

  @Test
  void membersAgreeWithTheBitSet() {
    Seeds.forEach(
        1000,
        random -> {
          var a = set(random);
          for (var core = 0; core < 300; core++) {
            assertThat(of(a).contains(core)).isEqualTo(a.get(core));
          }
        });
  }

  @Test
  void theLowestAreTakenFirst() {
    Seeds.forEach(1000, random -> theLowestAreTaken(set(random), random.nextInt(201)));
  }

  private static void theLowestAreTaken(BitSet a, int count) {
    if (count > a.cardinality()) {
      assertThatIllegalArgumentException().isThrownBy(() -> of(a).lowest(count));
      return;
    }
    var lowest = new BitSet();
    a.stream().limit(count).forEach(lowest::set);

    assertThat(of(a).lowest(count)).isEqualTo(of(lowest));
  }

  @Test
  void wordsAreTheFormThatIsStored() {
    Seeds.forEach(
        1000,
        random -> {
          var a = set(random);
          assertThat(CoreSet.ofWords(of(a).words())).isEqualTo(of(a));
          assertThat(of(a).words()).isEqualTo(a.toLongArray());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 128, Limits.CORES})
  void theFirstCoresAreCounted(int count) {
    var expected = new BitSet();
    expected.set(0, count);

    assertThat(CoreSet.first(count)).isEqualTo(of(expected));
  }

  @Test
  void noMoreCoresAreTakenThanANodeMayHave() {
    assertThatIllegalArgumentException().isThrownBy(() -> CoreSet.first(Limits.CORES + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> CoreSet.first(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoreSet.ofWords(new long[Limits.CORES / 64 + 1]));
  }

  @Test
  void changingTheWordsDoesNotChangeTheSet() {
    var words = new long[] {7};
    var set = CoreSet.ofWords(words);

    words[0] = 0;
    set.words()[0] = 0;

    assertThat(set).isEqualTo(CoreSet.first(3));
  }

  @Test
  void setsAreWrittenAsRanges() {
    assertThat(CoreSet.EMPTY).hasToString("");
    assertThat(CoreSet.ofWords(0b1001111)).hasToString("0-3,6");
    assertThat(CoreSet.first(130).minus(CoreSet.first(62))).hasToString("62-129");
    assertThat(CoreSet.ofWords(1L << 63, 1)).hasToString("63-64");
  }

  /// Sets of one word and of several, dense and sparse, so that many overlap, contain each other or
  /// are equal.
  private static BitSet set(RandomGenerator random) {
    var bound = 1 + random.nextInt(1 + random.nextInt(281));
    var set = new BitSet();
    random.ints(random.nextInt(151), 0, bound).forEach(set::set);
    return set;
  }

  private static CoreSet of(BitSet set) {
    return CoreSet.ofWords(set.toLongArray());
  }
}
