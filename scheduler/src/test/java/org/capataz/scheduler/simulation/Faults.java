package org.capataz.scheduler.simulation;

/// How often things go wrong, as probabilities where it can happen: each run has its own mix.
///
/// @param cut a connection breaks as something is sent over it
/// @param repeat a message arrives twice
/// @param overtake a report arrives before an earlier one
/// @param crash the head node dies, before or after a commit
/// @param mishap something happens to a node, each time that a job is submitted
record Faults(double cut, double repeat, double overtake, double crash, double mishap) {

  static final Faults NONE = new Faults(0, 0, 0, 0, 0);

  static Faults some(Timeline timeline) {
    return timeline.chance(0.1)
        ? NONE
        : new Faults(
            rate(timeline, 0.02),
            rate(timeline, 0.2),
            rate(timeline, 0.2),
            rate(timeline, 0.03),
            rate(timeline, 0.9));
  }

  private static double rate(Timeline timeline, double most) {
    return timeline.chance(0.3) ? 0 : most * timeline.pick(0, 1000) / 1000;
  }
}
