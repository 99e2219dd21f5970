package org.capataz.model;

import java.util.UUID;
import java.util.regex.Pattern;

/// One run of one instance, unique for all time: no two starts ever share it, whatever was
/// restarted or restored between them. Every report of a node carries it, and a report with another
/// is stale.
///
/// @param cluster the cluster that ordered the run
/// @param epoch the head node's start that ordered it; raised at each start and restore
/// @param instance what runs
/// @param number which run of the instance this is, from 1
public record AttemptId(UUID cluster, long epoch, InstanceId instance, int number) {

  private static final Pattern FORM =
      Pattern.compile(
          "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(\\d{1,18})"
              + "/(\\d{1,18})\\.(\\d{1,18})\\.(-?\\d{1,18})/(\\d{1,18})");

  /// Reads what [#toString] wrote, for instance from a process's environment.
  public static Result<AttemptId> parse(String text) {
    var match = FORM.matcher(text);
    if (match.matches()) {
      var job = Long.parseLong(match.group(3));
      var task = Long.parseLong(match.group(4));
      var number = Long.parseLong(match.group(6));
      if (Math.max(job, Math.max(task, number)) <= Integer.MAX_VALUE) {
        return Result.ok(
            new AttemptId(
                UUID.fromString(match.group(1)),
                Long.parseLong(match.group(2)),
                new InstanceId((int) job, (int) task, Long.parseLong(match.group(5))),
                (int) number));
      }
    }
    return Result.invalid(
        "expected an attempt as CLUSTER/EPOCH/JOB.TASK.INSTANCE/NUMBER, but got '"
            + Text.shown(text)
            + "'");
  }

  @Override
  public String toString() {
    return cluster + "/" + epoch + "/" + instance + "/" + number;
  }
}
