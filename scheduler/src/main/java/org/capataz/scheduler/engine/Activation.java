package org.capataz.scheduler.engine;

import java.util.Optional;

/// What the administrator's activation filter is asked, and what it says: HPC Pack's question
/// whether a job that could start now may. The engine only hands questions out and takes answers
/// in; who asks whom is the head node's affair.
public final class Activation {

  private Activation() {}

  /// Whether a queued job may start with what is free for it now. Two questions are never equal, be
  /// they of different starts of the head node.
  ///
  /// @param epoch the start of the head node that it is of
  /// @param number counted through within the epoch
  /// @param pass the scheduling pass that it is of, counted through within the epoch
  /// @param place the job's place in the queue, from 1
  /// @param overtakes whether it would start before one that is before it in turn
  /// @param resources how many of its units the job would start with
  public record Question(
      long epoch, long number, int job, long pass, int place, boolean overtakes, int resources) {}

  /// What is to become of the job.
  public enum Verdict {
    /// It starts.
    START,
    /// It waits, and so does everything behind it in the queue.
    BLOCK,
    /// It waits, and what it would start with is kept free for it.
    RESERVE,
    /// It is held for some time, and others go on.
    HOLD,
    /// It fails.
    FAIL,
    /// It waits, and others go on.
    LATER
  }

  /// What the filter says.
  ///
  /// @param said what goes with the verdict, for people; may be empty
  public record Answer(Verdict verdict, String said) {}

  /// How a job stands with the filter.
  ///
  /// @param asked what has not been answered yet
  /// @param answer the last answer, which holds until the next
  /// @param again when it is asked next, in microseconds since 1970; 0 for not by the clock
  public record Standing(Optional<Question> asked, Optional<Answer> answer, long again) {

    /// Whether the job waits for the filter, be it for an answer or for another one.
    public boolean keeps() {
      return !has(Verdict.START);
    }

    /// Whether others go on as if the job were not there.
    public boolean isAside() {
      return has(Verdict.LATER) && asked.isEmpty();
    }

    /// Whether that was the last answer.
    public boolean has(Verdict verdict) {
      return answer.isPresent() && answer.get().verdict() == verdict;
    }
  }
}
