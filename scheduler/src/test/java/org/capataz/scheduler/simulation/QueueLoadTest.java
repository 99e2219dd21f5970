package org.capataz.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What policies of the queue promise, under 400 loads by chance; and mistakes in them that this
/// finds.
class QueueLoadTest {

  private static final String POLICY = "main/java/org/capataz/scheduler/policy/";

  @Test
  void nobodyIsDelayedNorStarvedAndNoCoreGivenTwice() {
    var overtakes = LongStream.range(0, 400).mapToInt(QueueLoadTest::run).sum();

    assertThat(overtakes).isGreaterThan(1000);
  }

  private static int run(long seed) {
    try {
      return QueueLoad.run(seed);
    } catch (RuntimeException broken) {
      throw new AssertionError("QueueLoad.run(" + seed + "): " + broken.getMessage(), broken);
    }
  }

  static Stream<Mutant> mutants() {
    return Stream.of(
        new Mutant(
            "whatever ends late is thought to end in time",
            POLICY + "Reservation.java",
            "if (other.end() <= time) {",
            "if (other.end() < Snapshot.NEVER) {"),
        new Mutant(
            "what the first job leaves is given away more than once",
            POLICY + "Reservation.java",
            "    spareCores -= cores;\n",
            ""),
        new Mutant(
            "the first job is thought to need one core more",
            POLICY + "Reservation.java",
            "(free >= needed && holding.end() > time)",
            "(free > needed && holding.end() > time)"),
        new Mutant(
            "a late job is put wherever it fits now",
            POLICY + "Room.java",
            "    if (couldFit(claim)) {\n      return true;",
            "    if (!more.exclusive() || couldFit(claim)) {\n      return true;"),
        new Mutant(
            "a node that an exclusive job leaves stays closed",
            POLICY + "Outlook.java",
            "          there.remove(holding.job());\n",
            ""),
        new Mutant(
            "the first job is promised a later time than it could have",
            POLICY + "Reservation.java",
            "enough - few > 1",
            "enough - few > 1 << 20"),
        new Mutant(
            "reservations are forgotten",
            POLICY + "Conservative.java",
            "former.getOrDefault(entry.claim.job(), Snapshot.NEVER)",
            "Snapshot.NEVER"),
        new Mutant(
            "a reservation is for a moment",
            POLICY + "Calendar.java",
            "times[i + 1] - begin >= length",
            "times[i + 1] > begin"),
        new Mutant(
            "the queue is worked through without end under fcfs",
            POLICY + "Pass.java",
            "        return claim;\n",
            "        continue;\n"));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void whoMakesAMistakeIsCaught(Mutant mutant) {
    var run = mutant.compiled("simulation.QueueLoad");

    assertThat(LongStream.range(0, 400).mapToObj(run::of).filter(broken -> !broken.isEmpty()))
        .isNotEmpty();
  }
}
