package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.LongStream;
import org.capataz.computenode.keeper.Mistake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The node's promises, kept in every run. A failure names its seed; `-Dcapataz.seed=N` repeats it,
/// and `-Dcapataz.seeds=N` tries more. Runs share nothing, so that each core has one at a time.
final class NodeSimulationTest {

  private static final int SEEDS = Integer.getInteger("capataz.seeds", 500);

  @Test
  void thePromisesAreKeptWhateverHappens() {
    var only = Long.getLong("capataz.seed");
    if (only != null) {
      run(only);
      return;
    }
    var all =
        LongStream.rangeClosed(1, SEEDS)
            .parallel()
            .mapToObj(NodeSimulationTest::run)
            .reduce(new NodeSimulation.Outcome(0, 0, 0), NodeSimulation.Outcome::plus);

    System.out.println(SEEDS + " seeds: " + all);
    assertThat(all.attempts()).isGreaterThan(10 * SEEDS);
    assertThat(all.faults()).isGreaterThan(5 * SEEDS);
    assertThat(all.outlasted()).isGreaterThan(SEEDS / 10);
  }

  private static NodeSimulation.Outcome run(long seed) {
    try {
      return NodeSimulation.run(seed, Set.of());
    } catch (AssertionError | RuntimeException broken) {
      throw new AssertionError(
          "seed "
              + seed
              + ": "
              + broken.getMessage()
              + "\nrepeat with: mvn test -pl computenode -am -Dtest=NodeSimulationTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Dcapataz.seed="
              + seed,
          broken);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMistakeIsCaught(Mistake mistake) {
    var caught = "";
    for (var seed = 1L; caught.isEmpty() && seed <= 500; seed++) {
      try {
        NodeSimulation.run(seed, Set.of(mistake));
      } catch (AssertionError broken) {
        caught = "seed " + seed + ": " + broken.getMessage();
      }
    }

    System.out.println(mistake + " is caught with " + caught);
    assertThat(caught).isNotEmpty();
  }
}
