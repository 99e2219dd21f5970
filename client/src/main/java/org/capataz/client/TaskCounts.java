package org.capataz.client;

/// Instances by state.
public record TaskCounts(long queued, long running, long finished, long failed, long canceled) {

  public long total() {
    return queued + running + finished + failed + canceled;
  }

  /// Instances to which nothing more will happen.
  public long ended() {
    return finished + failed + canceled;
  }
}
