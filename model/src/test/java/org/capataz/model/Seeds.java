package org.capataz.model;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Runs a test on random cases, one for each seed from 1. A failure names its seed;
/// `-Dcapataz.seed=N` repeats it, and `-Dcapataz.seeds=N` tries more.
final class Seeds {

  private Seeds() {}

  static void forEach(int count, Consumer<RandomGenerator> test) {
    var only = Long.getLong("capataz.seed");
    var first = only == null ? 1 : only;
    var last = only == null ? Integer.getInteger("capataz.seeds", count) : only;
    for (var seed = first; seed <= last; seed++) {
      try {
        test.accept(new SplittableRandom(seed));
      } catch (AssertionError | RuntimeException broken) {
        throw new AssertionError(
            "seed " + seed + ", repeat with -Dcapataz.seed=" + seed + ": " + broken.getMessage(),
            broken);
      }
    }
  }
}
