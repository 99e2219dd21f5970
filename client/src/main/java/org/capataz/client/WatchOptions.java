package org.capataz.client;

/// What to watch. Immutable: each method returns changed options.
public final class WatchOptions {

  private static final WatchOptions FROM_NOW = new WatchOptions(0, false, false);

  private final long after;
  private final boolean instances;
  private final boolean untilEnd;

  private WatchOptions(long after, boolean instances, boolean untilEnd) {
    this.after = after;
    this.instances = instances;
    this.untilEnd = untilEnd;
  }

  /// First the jobs as they are, then what happens to them, without end.
  public static WatchOptions fromNow() {
    return FROM_NOW;
  }

  /// What happened after an event that was seen earlier, and goes on happening.
  ///
  /// @param sequence a [JobEvent#sequence]
  public static WatchOptions after(long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("expected a sequence number, but got " + sequence);
    }
    return new WatchOptions(sequence, false, false);
  }

  /// Tells of single instances as well.
  public WatchOptions withInstances() {
    return new WatchOptions(after, true, untilEnd);
  }

  /// Ends when the job has ended.
  public WatchOptions untilEnd() {
    return new WatchOptions(after, instances, true);
  }

  public long sequence() {
    return after;
  }

  public boolean instances() {
    return instances;
  }

  public boolean endsWithJob() {
    return untilEnd;
  }
}
