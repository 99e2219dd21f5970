package org.capataz.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The most that a user or a project may have of the cluster; what is empty is not limited.
///
/// @param cores that running jobs hold
/// @param jobs that run
/// @param queued jobs in the queue: more are refused
/// @param coreHours used, those long ago counting less: while there are as many, no job starts
public record Quota(
    OptionalInt cores, OptionalInt jobs, OptionalInt queued, OptionalInt coreHours) {

  public static final Quota NONE =
      new Quota(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

  /// What each of its numbers may be at most.
  public static final int MOST = 1_000_000_000;

  public boolean isNone() {
    return equals(NONE);
  }

  Result<Quota> check() {
    for (var limit : List.of(cores, jobs, queued, coreHours)) {
      if (limit.isPresent() && (limit.getAsInt() < 0 || limit.getAsInt() > MOST)) {
        return Result.invalid(
            "expected a limit from 0 to " + MOST + ", but got " + limit.getAsInt());
      }
    }
    return Result.ok(this);
  }

  /// `at most 64 cores and 10 running jobs`; empty without a limit.
  public String sentence() {
    var limits = new ArrayList<String>();
    cores.ifPresent(most -> limits.add(Unit.CORE.count(most)));
    jobs.ifPresent(most -> limits.add(most + " running jobs"));
    queued.ifPresent(most -> limits.add(most + " queued jobs"));
    coreHours.ifPresent(most -> limits.add(most + " core hours"));
    if (limits.isEmpty()) {
      return "";
    }
    var last = limits.removeLast();
    return "at most " + (limits.isEmpty() ? "" : String.join(", ", limits) + " and ") + last;
  }
}
