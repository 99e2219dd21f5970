package org.capataz.scheduler.policy;

/// Decides which jobs get which cores. A pure function: equal snapshots, equal plans. The engine
/// checks a plan again before it acts on it.
public interface Policy {
  Plan plan(Snapshot snapshot);
}
