package org.capataz.simulator;

/// What jobs had of a schedule. Times are in seconds.
///
/// @param meanBoundedSlowdown how many times longer jobs took for having to wait, where jobs of
///   less than ten seconds count as if they took ten
/// @param utilization which part of the processors was busy, from the first submission to the last
///   end
public record Summary(
    int jobs,
    double meanWait,
    long maxWait,
    double meanBoundedSlowdown,
    double utilization,
    long makespan) {

  private static final double LEAST = 10;

  /// @param starts of the trace's jobs, in their order
  static Summary of(Trace trace, long[] starts) {
    var wait = 0.0;
    var slowdown = 0.0;
    var area = 0.0;
    var longest = 0L;
    var last = 0L;
    for (var i = 0; i < starts.length; i++) {
      var job = trace.jobs().get(i);
      var waited = starts[i] - job.submit();
      wait += waited;
      longest = Math.max(longest, waited);
      slowdown += Math.max(1, (waited + job.runtime()) / Math.max((double) job.runtime(), LEAST));
      area += (double) job.runtime() * job.processors();
      last = Math.max(last, starts[i] + job.runtime());
    }
    var makespan = starts.length == 0 ? 0 : last - trace.jobs().getFirst().submit();
    var jobs = Math.max(1, starts.length);
    return new Summary(
        starts.length,
        wait / jobs,
        longest,
        slowdown / jobs,
        makespan == 0 ? 0 : area / trace.processors() / makespan,
        makespan);
  }
}
