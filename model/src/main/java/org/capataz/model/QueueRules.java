package org.capataz.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How queued jobs come to their turn, and which may start before it.
///
/// @param lookahead how many jobs behind the first one are looked at for one that may start before
///   it; negative for all
/// @param guardSeconds after how long a wait a job comes before those that have not waited so long,
///   whatever the order
public record QueueRules(Policy policy, Order order, int lookahead, long guardSeconds) {

  /// Which jobs may start before the first one.
  public enum Policy {
    /// None.
    FCFS,
    /// Those that do not delay the first one, in order.
    EASY,
    /// The same, the shortest first.
    EASY_SJBF,
    /// Those that delay none of the ones before them.
    CONSERVATIVE;

    static List<String> words() {
      return QueueRules.words(values());
    }
  }

  /// Which one is first among those of a priority.
  public enum Order {
    /// The one that was submitted first.
    FCFS,
    /// The shortest.
    SJF,
    /// The smallest area: its run time by its minimum.
    SAF,
    /// The longest wait for its run time, cubed, by its minimum: for wide jobs (Tang et al.).
    WFP3,
    /// The longest wait for its run time, by the logarithm of its minimum: for narrow jobs (Tang et
    /// al.).
    UNICEP,
    /// By run time, minimum and time of submission (Carastan-Santos and de Camargo).
    F1,
    /// The one with the largest sum of factors, each by its [weight][PriorityWeights].
    MULTIFACTOR;

    static List<String> words() {
      return QueueRules.words(values());
    }
  }

  private static List<String> words(Enum<?>[] values) {
    return Arrays.stream(values).map(QueueRules::word).toList();
  }

  /// As it is written in a cluster parameter.
  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static QueueRules of(ClusterSettings settings) {
    return new QueueRules(
        Policy.valueOf(name(settings.get(ClusterParameter.SCHEDULING_POLICY))),
        Order.valueOf(name(settings.get(ClusterParameter.QUEUE_ORDER))),
        settings.number(ClusterParameter.BACKFILL_LOOKAHEAD),
        settings.seconds(ClusterParameter.STARVATION_GUARD).orElse(Long.MAX_VALUE));
  }

  private static String name(String word) {
    return word.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /// Whether jobs of a priority come to their turn as they were submitted.
  public boolean isFirstComeFirst() {
    return order == Order.FCFS || (policy == Policy.CONSERVATIVE && backfills());
  }

  /// Whether no job that comes later, of the same priority, can have one wait for longer that is
  /// not the first.
  public boolean keepsTurns() {
    return isFirstComeFirst() && (policy == Policy.CONSERVATIVE || !backfills());
  }

  /// Whether any job may start before the first one.
  public boolean backfills() {
    return policy != Policy.FCFS && lookahead != 0;
  }
}
