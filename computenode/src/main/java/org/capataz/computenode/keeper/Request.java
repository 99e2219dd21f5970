package org.capataz.computenode.keeper;

import java.util.List;
import java.util.Map;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;

/// What the agent asks of the keeper. Every request may be repeated.
public sealed interface Request extends Message {

  /// Runs an attempt. One that the keeper knows is not started again; its present report is.
  ///
  /// @param lane attempts of the same lane have the same cores: this one begins when all of it that
  ///   came before are over. 0 for none: it begins at once
  record Start(AttemptId attempt, Execution execution, long lane) implements Request, Spawn {

    /// In no lane.
    public Start(AttemptId attempt, Execution execution) {
      this(attempt, execution, Lanes.NONE);
    }
  }

  /// Gives an attempt back that has not begun: it is over, as recalled. One that has begun goes on,
  /// and nothing is answered.
  record Recall(AttemptId attempt) implements Request {}

  /// Holds an attempt whose command runs on another node: it has no process of its own, and is
  /// running at once; branches of it may be started, until it is stopped.
  ///
  /// @param variables of this node for its branches; those that are empty are unset
  /// @param cpus the kernel's numbers of the processors that branches are bound to; all if empty
  record Hold(
      AttemptId attempt, Map<String, String> variables, Execution.Limits limits, List<Integer> cpus)
      implements Request {
    public Hold {
      variables = Map.copyOf(variables);
      cpus = List.copyOf(cpus);
    }
  }

  /// The keeper of an attempt's command asks for a branch here.
  record Serve(BranchRequest request) implements Request {}

  /// How a branch stands that was asked for here.
  record Hear(BranchNews news) implements Request {}

  /// Ends an attempt: TERM to its process group, and KILL after the grace; at once where that is 0.
  /// A second stop can only shorten the grace. No answer but the attempt's end; an attempt that has
  /// ended, or that is unknown, is left alone.
  ///
  /// @param reason what its end is to be put down to
  /// @param message one line for the record, or empty
  record Stop(AttemptId attempt, EndReason reason, String message, long graceMillis)
      implements Request {}

  /// The head node has committed the ends of these attempts: the keeper may forget them.
  record Acknowledge(List<AttemptId> attempts) implements Request {
    public Acknowledge {
      attempts = List.copyOf(attempts);
    }
  }

  /// The head node has answered a heartbeat that the agent sent at that time: at that time or later
  /// it had this node for connected. Comes before the starts that it allows.
  ///
  /// @param millis since the machine was booted
  record Renew(long millis) implements Request {}

  /// Asks for the [Report.Inventory], and for every report from then on. An agent's first request.
  record ListAttempts() implements Request {}
}
