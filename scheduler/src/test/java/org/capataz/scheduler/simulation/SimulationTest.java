package org.capataz.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The promises, kept in every run. A failure names its seed; `-Dcapataz.seed=N` repeats it, and
/// `-Dcapataz.seeds=N` tries more.
class SimulationTest {

  static final int SEEDS = Integer.getInteger("capataz.seeds", 300);

  @Test
  void thePromisesAreKeptWhateverHappens() {
    var attempts = 0;
    var parts = 0;
    var outlasted = 0;
    var only = Long.getLong("capataz.seed");
    for (var seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
      var outcome = run(seed);
      attempts += outcome.attempts();
      parts += outcome.parts();
      outlasted += outcome.outlasted();
    }

    assertThat(only != null || attempts > 10 * SEEDS).isTrue();
    assertThat(only != null || parts > SEEDS).isTrue();
    assertThat(only != null || outlasted > SEEDS / 10).as("outlasted: %d", outlasted).isTrue();
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
