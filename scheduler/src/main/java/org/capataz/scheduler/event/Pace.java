package org.capataz.scheduler.event;

/// How fast a service starts instances, which follows from how they ended lately. One that ends
/// soon after its start is started again after a pause, longer from time to time; those that were
/// started together and end together count once.
///
/// @param quick how often in a row an instance ended soon after its start
/// @param failures how often in a row it failed so
/// @param round only instances from this ordinal on count
/// @param until when the pause is over, in microseconds since 1970; 0 if there is none
public record Pace(int quick, int failures, int round, long until) {

  /// Nothing to be careful about.
  public static final Pace STEADY = new Pace(0, 0, 0, 0);

  public boolean isPaused() {
    return until != 0;
  }

  /// As it is when the clock was set.
  ///
  /// @param by how much later it is for that, in microseconds
  public Pace whenClockIsSet(long by) {
    return new Pace(quick, failures, round, until + by);
  }

  /// The pause is over.
  public Pace resumed() {
    return new Pace(quick, failures, round, 0);
  }
}
