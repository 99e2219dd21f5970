package org.capataz.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an administrator has decided for the whole cluster.
///
/// @param parameters those that were set, each in its form; the others have their defaults
/// @param environment variables of all tasks; those of a job and a task are stronger
/// @param templates those that were set, by name without regard to case
/// @param shares between whom the cluster is shared
public record ClusterSettings(
    Map<ClusterParameter, String> parameters,
    Map<String, String> environment,
    SortedMap<String, JobTemplate> templates,
    Shares shares) {

  public static final ClusterSettings DEFAULT = new ClusterSettings(Map.of(), Map.of());

  public ClusterSettings {
    var copy = new EnumMap<ClusterParameter, String>(ClusterParameter.class);
    copy.putAll(parameters);
    parameters = Collections.unmodifiableMap(copy);
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    var byName = new TreeMap<String, JobTemplate>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(templates);
    templates = Collections.unmodifiableSortedMap(byName);
  }

  /// Settings without job templates and shares.
  public ClusterSettings(
      Map<ClusterParameter, String> parameters, Map<String, String> environment) {
    this(parameters, environment, Collections.emptySortedMap());
  }

  /// Settings without shares.
  public ClusterSettings(
      Map<ClusterParameter, String> parameters,
      Map<String, String> environment,
      SortedMap<String, JobTemplate> templates) {
    this(parameters, environment, templates, Shares.NONE);
  }

  public String get(ClusterParameter parameter) {
    return parameters.getOrDefault(parameter, parameter.defaultText());
  }

  /// The value of a parameter that is a whole number.
  public int number(ClusterParameter parameter) {
    return Integer.parseInt(get(parameter));
  }

  /// Seconds after which a rerunnable run on a node that cannot be reached runs elsewhere; 0 for
  /// never.
  public int rerunAfterSeconds() {
    return (int) seconds(ClusterParameter.NODE_LOST_RERUN_AFTER).orElse(0);
  }

  /// A time that may have no end; empty if it has none.
  OptionalLong seconds(ClusterParameter parameter) {
    var text = get(parameter);
    return text.equals(ClusterParameter.INFINITE)
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(text));
  }

  /// How queued jobs come to their turn.
  public QueueRules queueRules() {
    return QueueRules.of(this);
  }

  /// Whether the runs of a job are bound to their cores, where their node binds what it runs.
  ///
  /// @param exclusive whether the job shares its nodes with no other
  public boolean binds(boolean exclusive) {
    return switch (get(ClusterParameter.AFFINITY_TYPE)) {
      case "AllJobs" -> true;
      case "NoJobs" -> false;
      default -> !exclusive;
    };
  }

  /// The template of that name, in any case.
  public Result<JobTemplate> template(String name) {
    var template = templates.get(name);
    if (template != null) {
      return Result.ok(template);
    }
    return name.equalsIgnoreCase(JobTemplate.DEFAULT_NAME)
        ? Result.ok(JobTemplate.DEFAULT)
        : Result.refused(
            Refusal.notFound(
                "expected the name of a job template, but there is no '"
                    + Text.shown(name)
                    + "'; capataz template list shows them"));
  }

  /// The settings with one parameter changed; an empty text brings its default back.
  public ClusterSettings with(ClusterParameter parameter, String text) {
    var changed = new EnumMap<ClusterParameter, String>(ClusterParameter.class);
    changed.putAll(parameters);
    put(changed, parameter, text);
    return new ClusterSettings(changed, environment, templates, shares);
  }

  /// The settings with one variable changed; an empty value takes it away.
  public ClusterSettings withVariable(String name, String value) {
    var changed = new TreeMap<>(environment);
    put(changed, name, value);
    return new ClusterSettings(parameters, changed, templates, shares);
  }

  /// The settings with one more template, or another one of that name.
  public ClusterSettings withTemplate(JobTemplate template) {
    var changed = new TreeMap<>(templates);
    // The name may be written otherwise now.
    changed.remove(template.name());
    changed.put(template.name(), template);
    return new ClusterSettings(parameters, environment, changed, shares);
  }

  /// The settings without a template; that of the name Default is then as it was at first.
  public ClusterSettings withoutTemplate(String name) {
    var changed = new TreeMap<>(templates);
    changed.remove(name);
    return new ClusterSettings(parameters, environment, changed, shares);
  }

  /// The settings with another share tree.
  public ClusterSettings with(Shares changed) {
    return new ClusterSettings(parameters, environment, templates, changed);
  }

  /// The time in which what was used comes to count half, in microseconds; 0 if it always counts
  /// full.
  public long usageHalfLife() {
    return seconds(ClusterParameter.USAGE_HALF_LIFE).orElse(0) * 1_000_000;
  }

  /// What the places of jobs are made of, under the order `multifactor`.
  public PriorityWeights priorityWeights() {
    return PriorityWeights.of(this);
  }

  /// How fair shares are reckoned.
  public FairShare fairShare() {
    return FairShare.of(get(ClusterParameter.FAIR_SHARE));
  }

  private static <K> void put(Map<K, String> map, K key, String text) {
    if (text.isEmpty()) {
      map.remove(key);
    } else {
      map.put(key, text);
    }
  }
}
