package org.capataz.scheduler.engine;

import java.util.List;
import java.util.UUID;
import org.capataz.model.JobDraft;
import org.capataz.model.TaskDraft;
import org.capataz.scheduler.event.NodeOffer;

/// What somebody asks of the engine, or a node reports to it.
public sealed interface Command {

  /// Makes a job and, where asked to, puts it into the queue. Answers with the job's id.
  ///
  /// @param requestId made by the client: a repeat answers with the same job
  record CreateJob(UUID requestId, String owner, JobDraft draft, boolean submit)
      implements Command {}

  /// Adds tasks to a Configuring job. Answers with the number of the first one.
  record AddTasks(int job, UUID requestId, List<TaskDraft> tasks) implements Command {}

  /// Answers with the job's id, as the next ones do.
  record SubmitJob(int job) implements Command {}

  record CancelJob(int job, String message) implements Command {}

  /// Puts what did not finish back into the queue; what still runs is stopped first.
  record RequeueJob(int job, boolean failedOnly) implements Command {}

  /// A node says what it is and has. Answers with the node's id.
  record ConnectNode(
      UUID identity, String name, NodeOffer offer, String bootId, List<AttemptReport> attempts)
      implements Command {}

  /// A node's connection is gone. Answers with the node's id.
  record DisconnectNode(int node) implements Command {}

  /// A node tells of its attempts. Answers with the node's id.
  record Report(int node, List<AttemptReport> attempts) implements Command {}

  /// Brings a node online, or lets it drain and takes it offline. Answers with the node's id.
  record SwitchNode(String name, boolean online) implements Command {}

  /// Time has passed. Answers with 0.
  record Tick() implements Command {}
}
