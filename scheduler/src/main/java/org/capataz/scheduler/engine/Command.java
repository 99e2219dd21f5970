package org.capataz.scheduler.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobTemplate;
import org.capataz.model.Share;
import org.capataz.model.TaskDraft;
import org.capataz.scheduler.event.NodeOffer;

/// What somebody asks of the engine, or a node reports to it.
public sealed interface Command {

  /// Makes a job and, where asked to, puts it into the queue. Answers with the job's id.
  ///
  /// @param requestId made by the client: a repeat answers with the same job
  record CreateJob(UUID requestId, String owner, JobDraft draft, boolean submit)
      implements Command {}

  /// Adds tasks to a Configuring or Running job. Answers with the number of the first one.
  record AddTasks(int job, UUID requestId, List<TaskDraft> tasks) implements Command {}

  /// Answers with the job's id, as the next ones do.
  record SubmitJob(int job) implements Command {}

  /// Ends a job as Canceled.
  record CancelJob(int job, Manner manner, Author author) implements Command {}

  /// Ends a running job as Finished: what has not run is dropped.
  record FinishJob(int job, Manner manner, Author author) implements Command {}

  /// Puts what did not finish back into the queue; what still runs is stopped first.
  record RequeueJob(int job, boolean failedOnly) implements Command {}

  /// Changes what a job is, as far as its state allows. Answers with the job's id, or with 0 if
  /// there have been changes since that revision.
  ///
  /// @param revision the changes that the draft has
  /// @param draft the job as it is stored
  record ModifyJob(int job, UUID requestId, int revision, JobDraft draft, JobChange change)
      implements Command {}

  /// Says how far a job is. Answers with the job's id.
  record SetProgress(int job, OptionalInt percent, Optional<String> message) implements Command {}

  /// Lets a queued, failed or canceled job be written to again; submitted again, all of it runs.
  record ConfigureJob(int job) implements Command {}

  /// Lets a queued job wait until a time in microseconds since 1970, or for 0 no longer.
  record HoldJob(int job, long until) implements Command {}

  /// Cancels what has not ended of a task. Answers with the job's id, as the next ones do.
  record CancelTask(Target target, Manner manner, Author author) implements Command {}

  /// Ends what runs of a task, which then counts as Finished.
  record FinishTask(Target target, Author author) implements Command {}

  /// Puts what failed or was canceled of a task of a running job back to run again; what runs is
  /// stopped first.
  record RequeueTask(Target target, Author author) implements Command {}

  /// A task, or one instance of it.
  ///
  /// @param instance its index in the sweep; empty for all
  record Target(int job, int task, OptionalLong instance) {
    @Override
    public String toString() {
      return job + "." + task + (instance.isPresent() ? "." + instance.getAsLong() : "");
    }
  }

  /// How what runs is ended.
  enum Manner {
    /// It is told to end, and killed if it does not within some time.
    USUAL,
    /// It runs to its own end.
    GRACEFUL,
    /// It is killed at once.
    FORCED
  }

  /// Who asks for something, and why.
  ///
  /// @param message may be empty
  record Author(String user, String message) {

    /// What is recorded of it: `canceled by ada: wrong input`.
    String did(String participle) {
      return participle + " by " + user + (message.isEmpty() ? "" : ": " + message);
    }
  }

  /// Lets another number of instances run at once: of one sweep, or for task 0 of all sweeps of the
  /// job.
  ///
  /// @param maxRunning 0 for no limit
  record ThrottleTask(int job, int task, int maxRunning) implements Command {}

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

  /// Gives up a node that is unreachable: what runs there has ended, and runs elsewhere if it may
  /// run again. Answers with the node's id.
  record LoseNode(String name, Author author) implements Command {}

  /// Sets parameters of the cluster, variables that all tasks get, job templates, and the share
  /// tree. Answers with 0.
  ///
  /// @param parameters an empty text brings a default back
  /// @param variables an empty value takes one away
  /// @param templates to set, be they new or not
  /// @param deletedTemplates names of templates to take away
  /// @param shares to set, be they new or not
  /// @param deletedShares to take away
  record ChangeSettings(
      Map<ClusterParameter, String> parameters,
      Map<String, String> variables,
      List<JobTemplate> templates,
      List<String> deletedTemplates,
      List<Share> shares,
      List<Share.Of> deletedShares)
      implements Command {

    public ChangeSettings(Map<ClusterParameter, String> parameters, Map<String, String> variables) {
      this(parameters, variables, List.of(), List.of());
    }

    public ChangeSettings(
        Map<ClusterParameter, String> parameters,
        Map<String, String> variables,
        List<JobTemplate> templates,
        List<String> deletedTemplates) {
      this(parameters, variables, templates, deletedTemplates, List.of(), List.of());
    }
  }

  /// Forgets jobs that ended long ago, some at a time. Answers with the id of the last job that was
  /// looked at, to go on after it; with 0 if that was the last.
  ///
  /// @param after the job to begin behind
  /// @param endedBefore in microseconds since 1970
  record DeleteEndedJobs(int after, long endedBefore) implements Command {}

  /// The activation filter has answered; heeded if nothing has happened to the job since it was
  /// asked. Answers with 0.
  record AnswerActivation(Activation.Question question, Activation.Answer answer)
      implements Command {}

  /// From here on the clock is to be trusted, and nothing before: a head node has started, or its
  /// clock was set. Whatever waits for a node to have been out of reach for long enough waits anew.
  /// Answers with 0.
  ///
  /// @param by how far it was set ahead, in microseconds; 0 if that is not known
  record TrustClock(long by) implements Command {}

  /// Time has passed. Answers with 0.
  record Tick() implements Command {}
}
