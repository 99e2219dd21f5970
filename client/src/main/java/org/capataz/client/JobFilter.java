package org.capataz.client;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.capataz.model.JobState;
import org.jspecify.annotations.Nullable;

/// Which jobs to list. Immutable: each method returns a narrower filter.
///
/// ```java
/// cluster.jobs(JobFilter.active().owner("ana")).forEach(job -> System.out.println(job.name()));
/// ```
public final class JobFilter {

  private static final JobFilter ALL = new JobFilter(Set.of(), null);

  private final Set<JobState> states;
  private final @Nullable String owner;

  private JobFilter(Set<JobState> states, @Nullable String owner) {
    this.states = states;
    this.owner = owner;
  }

  public static JobFilter all() {
    return ALL;
  }

  /// Jobs that have not ended.
  public static JobFilter active() {
    var states = EnumSet.allOf(JobState.class);
    states.removeIf(JobState::isEnd);
    return ALL.states(states);
  }

  /// Only jobs in one of these states; all states for none.
  public JobFilter states(Set<JobState> wanted) {
    var copy = EnumSet.noneOf(JobState.class);
    copy.addAll(wanted);
    return new JobFilter(Collections.unmodifiableSet(copy), owner);
  }

  /// Only jobs of this user.
  public JobFilter owner(String user) {
    return new JobFilter(states, user);
  }

  public Set<JobState> states() {
    return states;
  }

  public Optional<String> owner() {
    return Optional.ofNullable(owner);
  }
}
