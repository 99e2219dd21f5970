package org.capataz.model;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// How people name a job, one of its tasks or one instance: `JOB`, `JOB.TASK` or
/// `JOB.TASK.INSTANCE`.
public record Reference(int job, OptionalInt task, OptionalLong instance) {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,10})(?:\\.(\\d{1,10})(?:\\.(-?\\d{1,18}))?)?");

  public static Result<Reference> parse(String text) {
    var match = FORM.matcher(text);
    if (match.matches()) {
      var job = Long.parseLong(match.group(1));
      var task = match.group(2) == null ? 1 : Long.parseLong(match.group(2));
      if (inRange(job) && inRange(task)) {
        return Result.ok(
            new Reference(
                (int) job,
                match.group(2) == null ? OptionalInt.empty() : OptionalInt.of((int) task),
                match.group(3) == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(match.group(3)))));
      }
    }
    return Result.invalid(
        "expected JOB, JOB.TASK or JOB.TASK.INSTANCE in numbers, such as 12 or 12.1.40, but got '"
            + Text.shown(text)
            + "'");
  }

  private static boolean inRange(long number) {
    return number >= 1 && number <= Integer.MAX_VALUE;
  }

  @Override
  public String toString() {
    return job
        + (task.isPresent() ? "." + task.getAsInt() : "")
        + (instance.isPresent() ? "." + instance.getAsLong() : "");
  }
}
