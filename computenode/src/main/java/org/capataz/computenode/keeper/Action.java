package org.capataz.computenode.keeper;

import org.capataz.model.AttemptId;

/// What a keeper does about it, in this order.
sealed interface Action {

  /// Notes a fact in the spool. Comes before whatever makes it visible or cannot be undone.
  record Note(Message fact) implements Action {}

  /// Tells the agent.
  record Tell(Report report) implements Action {}

  /// Asks the process group to end.
  record Terminate(Report.Running running) implements Action {}

  /// Ends what there is of the process group.
  record Kill(Report.Running running) implements Action {}

  /// Asks everything of a held attempt to end.
  record TerminateAll(AttemptId attempt) implements Action {}

  /// Ends everything of a held attempt.
  record KillAll(AttemptId attempt) implements Action {}

  /// Looks whether anything of a held attempt still runs, and answers with [Input.Vanished] if not.
  record ProbeAll(AttemptId attempt) implements Action {}

  /// Looks whether an orphan still runs, and answers with [Input.Vanished] if not.
  record Probe(Report.Running running) implements Action {}
}
