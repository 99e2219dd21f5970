package org.capataz.computenode.process;

/// What a process and the children that it waited for have used.
///
/// @param maxRssKib the largest resident set of any one of them; 0 if it cannot be told, being no
///   larger than that of the process which started it. Of an attempt with a memory limit at least
///   what was seen of all its processes together
public record ResourceUsage(long userMicros, long systemMicros, long maxRssKib) {

  public static final ResourceUsage NONE = new ResourceUsage(0, 0, 0);

  /// Of both together; the peak is that of the larger.
  public ResourceUsage plus(ResourceUsage other) {
    return new ResourceUsage(
        userMicros + other.userMicros,
        systemMicros + other.systemMicros,
        Math.max(maxRssKib, other.maxRssKib));
  }
}
