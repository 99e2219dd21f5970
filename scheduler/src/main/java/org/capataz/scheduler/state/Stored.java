package org.capataz.scheduler.state;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobDraft;
import org.capataz.model.JobLabels;
import org.capataz.model.Share;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.life.GrantLife;
import org.capataz.scheduler.life.JobLife;
import org.jspecify.annotations.Nullable;

/// The state as a store holds it in rows, for [ClusterState#restore].
public record Stored(
    Counters counters,
    ClusterSettings settings,
    List<StoredUsage> usages,
    List<StoredNode> nodes,
    Iterable<StoredJob> jobs) {

  /// The highest numbers given out.
  public record Counters(int lastJob, int lastNode, long lastGrant, long lastOrder) {}

  /// What somebody has used.
  ///
  /// @param coreSeconds as of then, as if nothing had been held since
  /// @param since microseconds since 1970
  public record StoredUsage(Share.Of of, double coreSeconds, long since) {}

  public record StoredNode(Event.NodeRegistered registered, boolean online) {}

  /// One job.
  ///
  /// @param requestId the client's name for the request that made it
  /// @param createTime microseconds since 1970
  /// @param draft the whole, tasks that were added later included; may be read later, and again
  /// @param name that the draft gives it
  /// @param labels that the draft gives it
  /// @param additions the requests that added tasks, and the number of the first task of each; and
  ///   those that changed the job, with its id
  /// @param outline null if it does not suffice to bring the job back without its tasks
  /// @param tasks by number; a task that is absent has not been touched
  public record StoredJob(
      int id,
      UUID requestId,
      String owner,
      long createTime,
      Supplier<JobDraft> draft,
      String name,
      JobLabels labels,
      Map<UUID, Integer> additions,
      JobLife life,
      Facts facts,
      @Nullable Outline outline,
      List<StoredGrant> grants,
      Map<Integer, StoredTask> tasks) {

    /// Whether nothing has become of the job that its outline does not tell.
    boolean isUntouched() {
      return life instanceof JobLife.Queued && facts.requeues() == 0 && tasks.isEmpty();
    }
  }

  /// A grant that is held. Whether it is being prepared or released follows from what runs in it.
  ///
  /// @param used whether something of the job has run in it
  /// @param lost whether its node has restarted
  public record StoredGrant(
      long id, int node, long openTime, GrantLife.Usable life, boolean used, boolean lost) {}

  /// What became of a task.
  ///
  /// @param log its recorded ends, oldest first
  public record StoredTask(
      Task.@Nullable Checkpoint checkpoint, List<EndedLog.Entry> log, List<StoredAttempt> live) {
    static final StoredTask UNTOUCHED = new StoredTask(null, List.of(), List.of());
  }

  /// An attempt without a recorded end.
  public record StoredAttempt(
      int ordinal,
      int number,
      long epoch,
      List<Placement> placements,
      int rerunAfter,
      long dispatchTime,
      AttemptLife life) {}
}
