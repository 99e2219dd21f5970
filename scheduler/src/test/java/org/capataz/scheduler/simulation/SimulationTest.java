package org.capataz.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The promises, kept in every run. A failure names its seed; `-Dcapataz.seed=N` repeats it, and
/// `-Dcapataz.seeds=N` tries more. Runs share nothing, so that each core has one at a time.
class SimulationTest {

  static final int SEEDS = Integer.getInteger("capataz.seeds", 500);

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
            .mapToObj(SimulationTest::run)
            .reduce(Simulation.Outcome.NONE, Simulation.Outcome::plus);

    System.out.println(SEEDS + " seeds: " + all);
    assertThat(all.attempts()).isGreaterThan(10 * SEEDS);
    assertThat(all.parts()).isGreaterThan(SEEDS);
    assertThat(all.outlasted()).isGreaterThan(SEEDS / 10);
  }

  private static Simulation.Outcome run(long seed) {
    try {
      return Simulation.run(seed);
    } catch (AssertionError | RuntimeException broken) {
      throw new AssertionError(
          "seed "
              + seed
              + ": "
              + broken.getMessage()
              + "\nrepeat with: mvn test -pl model,scheduler -Dtest=SimulationTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Dcapataz.seed="
              + seed,
          broken);
    }
  }
}
