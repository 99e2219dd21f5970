package org.capataz.scheduler.event;

import java.util.List;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.JobTemplate;
import org.capataz.model.Parts;
import org.capataz.model.PendingReason;
import org.capataz.model.Share;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskState;
import org.jspecify.annotations.Nullable;

/// Something that has happened. Instances are named by ordinal (their place in the sweep, from 0);
/// times are microseconds since 1970.
public sealed interface Event {

  /// What belongs to one job and stands in its journal.
  sealed interface OfJob extends Event {
    int job();
  }

  /// What belongs to one node and stands in the journal.
  sealed interface OfNode extends Event {
    int node();
  }

  /// What belongs to the whole cluster and stands in the journal.
  sealed interface OfCluster extends Event {}

  /// What is true only while this head node runs, and is neither stored nor replayed.
  sealed interface Passing extends Event {}

  // Jobs.

  record JobCreated(int job, UUID requestId, String owner, JobDraft draft, long time)
      implements OfJob {}

  /// A Configuring or Running job got more tasks.
  record TasksAdded(int job, UUID requestId, List<TaskDraft> tasks, long time) implements OfJob {}

  /// A job entered the queue.
  ///
  /// @param order its place among jobs of the same priority: lower is earlier
  record JobSubmitted(int job, long order, long time) implements OfJob {}

  record JobStarted(int job, long time) implements OfJob {}

  /// The job is to end: all that has not run is dropped, all that runs is being stopped, and the
  /// nodes are released.
  ///
  /// @param then what it becomes when nothing runs any more: Canceled, Failed, Finished, or Queued
  ///   again
  /// @param force whether there is no time for the release of its nodes
  record JobStopping(int job, JobState then, String message, boolean force, long time)
      implements OfJob {}

  record JobEnded(int job, JobState state, String message, long time) implements OfJob {}

  /// What did not finish goes back into the queue.
  ///
  /// @param failedOnly only what failed, and not what was canceled
  record JobRequeued(int job, boolean failedOnly, long order, long time) implements OfJob {}

  /// What a job is was changed.
  ///
  /// @param requestId the client's request, null if nobody asked for it
  /// @param draft the whole job after the change
  /// @param order its new place among jobs of the same priority; 0 if it keeps the one it has
  record JobModified(
      int job, @Nullable UUID requestId, JobChange change, JobDraft draft, long order, long time)
      implements OfJob {}

  /// A job that waited or had ended is Configuring again: when it is submitted, all its tasks run
  /// anew.
  record JobConfigured(int job, JobDraft draft, long time) implements OfJob {}

  /// Somebody said how far a job is.
  ///
  /// @param percent -1 if it follows from the job's tasks
  record JobProgressed(int job, int percent, String message, long time) implements OfJob {}

  /// What keeps a queued job from starting has changed.
  record JobBlocked(int job, PendingReason reason, long time) implements OfJob {}

  /// A job that had ended is forgotten, with all that was stored of it.
  record JobDeleted(int job, long time) implements OfJob {}

  /// A queued job is to wait until another time, or no longer.
  ///
  /// @param until 0 for no longer
  /// @param byFilter whether the activation filter wants it so
  record HoldChanged(int job, long until, boolean byFilter, long time) implements OfJob {}

  // Grants: a job's hold on cores, GPUs and memory of one node.

  record GrantOpened(int job, long grant, int node, Parts parts, int memoryMb, long time)
      implements OfJob {}

  record GrantResized(int job, long grant, int node, Parts parts, int memoryMb, long time)
      implements OfJob {}

  record GrantClosed(int job, long grant, int node, long time) implements OfJob {}

  /// Something of the job has run in the grant, so that its NodeRelease task is due there.
  record GrantUsed(int job, long grant, int node, long time) implements OfJob {}

  /// The node of a grant has restarted: what the job prepared there is gone, and there is nothing
  /// to release.
  record GrantLost(int job, long grant, int node, long time) implements OfJob {}

  // Instances of tasks.

  /// An attempt was given to its nodes.
  ///
  /// @param behind whether it is to begin when another of the same task that has these very cores
  ///   ends, and after those that were placed behind that one before; until then it holds nothing
  /// @param rerunAfter seconds for which one of its nodes must have been out of reach before it
  ///   counts as ended there; its nodes have a lease of half of that. 0 for never, and no lease
  record AttemptDispatched(
      int job,
      int task,
      int ordinal,
      int number,
      List<Placement> placements,
      boolean behind,
      int rerunAfter,
      long time)
      implements OfJob {}

  /// The node of an attempt that is behind another is asked to give it back, unless it has begun.
  ///
  /// @param reason Recalled if it is to run again; JobEnded if it is not, but may go on if it has
  ///   begun; any other if it is then to be stopped for that
  /// @param force whether it is then to be stopped at once
  record AttemptRecalled(
      int job, int task, int ordinal, EndReason reason, String message, boolean force, long time)
      implements OfJob {}

  record AttemptStarted(int job, int task, int ordinal, long startTime) implements OfJob {}

  /// A live attempt is to be ended by its node; a later one is stronger.
  ///
  /// @param force at once, without time to end by itself
  record AttemptStopping(
      int job, int task, int ordinal, EndReason reason, String message, boolean force, long time)
      implements OfJob {}

  /// One of the nodes of an attempt says that nothing of it runs there any more; others are left,
  /// and are to end it too.
  record AttemptPartEnded(int job, int task, int ordinal, int node, AttemptEnd end, long time)
      implements OfJob {}

  /// An attempt has ended, on all of its nodes, and what its instance is now.
  ///
  /// @param state Finished or Failed; or Queued if the instance is to run again
  record AttemptEnded(int job, int task, int ordinal, TaskState state, AttemptEnd end, long time)
      implements OfJob {}

  /// All instances of a task that have not run yet end without running.
  ///
  /// @param state Failed or Canceled; Finished for a service that was concluded
  record TaskSkipped(
      int job, int task, TaskState state, EndReason reason, String message, long time)
      implements OfJob {}

  /// One instance that has not run yet ends without running.
  ///
  /// @param state Failed or Canceled
  record InstanceSkipped(
      int job, int task, int ordinal, TaskState state, EndReason reason, String message, long time)
      implements OfJob {}

  /// All instances of a task that failed or were canceled are to run again.
  record TaskRequeued(int job, int task, long time) implements OfJob {}

  /// One instance that failed or was canceled is to run again.
  record InstanceRequeued(int job, int task, int ordinal, long time) implements OfJob {}

  /// Another number of a sweep's instances may run at once.
  ///
  /// @param maxRunning 0 for no limit
  record ThrottleChanged(int job, int task, int maxRunning, long time) implements OfJob {}

  /// A service has another pace.
  record ServicePaced(int job, int task, Pace pace, long time) implements OfJob {}

  // The cluster.

  /// An administrator set a parameter.
  ///
  /// @param text empty for the default
  record ClusterParameterSet(ClusterParameter parameter, String text, long time)
      implements OfCluster {}

  /// An administrator set a variable that all tasks get.
  ///
  /// @param value empty if they get it no longer
  record ClusterVariableSet(String name, String value, long time) implements OfCluster {}

  /// An administrator set a job template: a new one, or another one of that name.
  record TemplateSet(JobTemplate template, long time) implements OfCluster {}

  record TemplateDeleted(String name, long time) implements OfCluster {}

  /// An administrator decided on the share of somebody.
  record ShareSet(Share share, long time) implements OfCluster {}

  /// An administrator took somebody out of the share tree.
  record ShareDeleted(Share.Of of, long time) implements OfCluster {}

  /// The head node's clock was set: what is reckoned from an earlier time is reckoned from so much
  /// later, so that run-time limits and accounts go on as if nothing had happened.
  ///
  /// @param by microseconds, less than 0 if it was set back
  /// @param time as the clock tells it since
  record ClockSet(long by, long time) implements OfCluster {}

  // Nodes.

  /// A node has connected for the first time, or with another description or boot.
  record NodeRegistered(
      int node, UUID identity, String name, NodeOffer offer, String bootId, long time)
      implements OfNode {}

  /// An administrator brought a node online, or took it offline; while something still runs on an
  /// offline node, it drains.
  record NodeSwitched(int node, boolean online, long time) implements OfNode {}

  /// A node's connection came or went.
  record NodeReachability(int node, boolean reachable, long time) implements Passing {}
}
