package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.capataz.model.JobState;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.EndedLog;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.OpenTask;
import org.capataz.scheduler.state.Task;

/// All that a state says, as text, but for what dies with a head node: two states with the same
/// portrait are the same state.
final class Portrait {

  private final StringBuilder text = new StringBuilder();

  private Portrait() {}

  static String of(ClusterState state) {
    var portrait = new Portrait();
    portrait.line("next", state.nextJob(), state.nextNode(), state.nextGrant(), state.nextOrder());
    portrait.line("settings", state.settings());
    state.nodes().forEach(portrait::draw);
    state.jobs().forEach(job -> portrait.draw(state, job));
    portrait.line("licences", state.licences().totals(), new TreeMap<>(state.licences().free()));
    state.accounts().all().stream()
        .filter(account -> account.hasJobs() || account.usage().since() != 0)
        .forEach(
            account ->
                portrait.line(
                    "account", account.of(), account.usage(), account.queued(), account.running()));
    portrait.line("queued", state.queued().stream().map(Job::id).toList());
    portrait.line("held", state.held().stream().map(Job::id).toList());
    portrait.line("running", state.running().stream().map(Job::id).toList());
    portrait.line("hungry", state.hungry().stream().map(Job::id).toList());
    portrait.line("wide", state.wide().stream().map(Job::id).toList());
    portrait.line("paused", state.paused().stream().map(Job::id).toList());
    portrait.line("limited", state.limited().stream().map(Job::id).toList());
    return portrait.text.toString();
  }

  /// Where two portraits differ; empty if they do not.
  static String difference(String one, String other) {
    var left = one.lines().toList();
    var right = other.lines().toList();
    var subject = "";
    for (var i = 0; i < Math.max(left.size(), right.size()); i++) {
      var mine = i < left.size() ? left.get(i) : "nothing";
      var theirs = i < right.size() ? right.get(i) : "nothing";
      if (!mine.equals(theirs)) {
        return subject + ": " + mine.strip() + ", but " + theirs.strip();
      }
      subject = mine.startsWith(" ") ? subject : mine;
    }
    return "";
  }

  private void line(Object... parts) {
    for (var part : parts) {
      text.append(part).append(' ');
    }
    text.append('\n');
  }

  private void draw(Node node) {
    line("node", node.id(), node.name(), node.identity(), node.offer(), node.bootId());
    line("  online", node.online(), "free", node.free(), node.freeMemoryMb());
    line("  granted", node.granted(), node.grantedMemoryMb());
    line("  tenants", new TreeSet<>(node.tenants()), node.exclusive());
    line("  attempts", node.attempts().stream().map(a -> a.id().toString()).sorted().toList());
  }

  private void draw(ClusterState state, Job job) {
    line("job", job.id(), job.requestId(), job.owner(), job.createTime(), job.name());
    line("  life", job.life(), "facts", job.facts(), "labels", job.labels());
    line("  parents", job.unfinishedParents());
    line("  answers", Objects.toString(state.answerTo(job.requestId())));
    line(
        "  priority",
        job.priority(),
        "counts",
        job.counts(),
        "runnable",
        job.runnable(),
        job.ready());
    line(
        "  draft",
        Objects.toString(job.draft()),
        "done",
        job.isDone(),
        "cores",
        job.grantedCores(),
        job.isSubmitted() ? job.kept() : 0);
    job.grants().stream().sorted(Comparator.comparingLong(Grant::id)).forEach(this::draw);
    line("  idle", job.idleGrants().stream().map(Grant::id).sorted().toList());
    if (job.life().state() != JobState.CONFIGURING) {
      job.tasks().forEach(task -> draw(job, task));
    }
  }

  private void draw(Grant grant) {
    line("  grant", grant.id(), grant.node().id(), grant.openTime(), grant.life());
    line("    idle", grant.idle(), grant.idleMemoryMb(), grant.closedToOthers());
    line("    used", grant.used(), "lost", grant.lost());
  }

  private void draw(Job job, Task task) {
    line("  task", task.spec(), task.state(), "pending", task.pending());
    line("    waits", task.waiting(), "throttle", task.maxRunning(), "skipped", task.skipped());
    line("    counts", task.finished(), task.failed(), task.canceled());
    line("    times", task.startTime(), task.endTime());
    if (task instanceof OpenTask) {
      line("    ledger", Objects.toString(task.checkpoint().ledger()));
    }
    var fresh = new Task.Former(job.attemptBase(), 0, 0, OptionalInt.empty());
    var former = new ArrayList<String>();
    for (var ordinal = 0; ordinal < task.spec().sweep().count(); ordinal++) {
      if (!task.former(ordinal).equals(fresh)) {
        former.add(ordinal + " " + task.former(ordinal));
      }
    }
    line("    former", former);
    task.live().stream().sorted(Comparator.comparingInt(Attempt::ordinal)).forEach(this::draw);
    var log = new ArrayList<EndedLog.Entry>();
    task.ended().snapshot().forEach(log::add);
    line("    log", log);
  }

  private void draw(Attempt attempt) {
    line(
        "    attempt",
        attempt.id(),
        attempt.placements(),
        attempt.rerunAfter(),
        attempt.dispatchTime(),
        attempt.life());
  }
}
