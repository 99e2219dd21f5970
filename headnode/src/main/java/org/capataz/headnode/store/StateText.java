package org.capataz.headnode.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.EndedLog;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.OpenTask;
import org.capataz.scheduler.state.Task;
import org.jspecify.annotations.Nullable;

/// All of a state that is meant to last, as text, so that two states can be compared and their
/// difference read. Whether a node is reachable does not last.
final class StateText {
  private final List<String> lines = new ArrayList<>();

  private StateText() {}

  static String of(ClusterState state) {
    var text = new StateText();
    text.add(
        "next",
        state.nextJob(),
        state.nextNode(),
        state.nextGrant(),
        state.nextOrder(),
        state.cluster(),
        state.accounts().all().stream()
            .filter(account -> account.usage().since() != 0)
            .map(account -> account.of() + ": " + account.usage())
            .toList());
    state.accounts().all().stream()
        .filter(account -> account.hasJobs() || account.cores() > 0)
        .forEach(
            account ->
                text.add(
                    "account", account.of(), account.queued(), account.running(), account.cores()));
    text.add("queued", state.queued().stream().map(Job::id).toList());
    text.add("running", state.running().stream().map(Job::id).toList());
    text.add("limited", state.limited().stream().map(Job::id).toList());
    text.add("settings", state.settings());
    text.add("licences", state.licences().totals(), new TreeMap<>(state.licences().free()));
    state.nodes().forEach(text::node);
    state.jobs().forEach(job -> text.job(state, job));
    return String.join("\n", text.lines);
  }

  /// The same without its first line, the numbers that are given out next and what was used: the
  /// jobs that were deleted have a part in both.
  static String withoutNumbers(ClusterState state) {
    var text = of(state);
    return text.substring(text.indexOf('\n') + 1);
  }

  /// The lines in which two states differ, those of the one after those of the other.
  static List<String> differences(ClusterState one, ClusterState other) {
    return differences(of(one), of(other));
  }

  static List<String> differences(String one, String other) {
    var ones = one.lines().toList();
    var others = other.lines().toList();
    var differences = new ArrayList<String>();
    for (var i = 0; i < Math.max(ones.size(), others.size()); i++) {
      var left = i < ones.size() ? ones.get(i) : "";
      var right = i < others.size() ? others.get(i) : "";
      if (!left.equals(right)) {
        differences.add("< " + left);
        differences.add("> " + right);
      }
    }
    return differences.subList(0, Math.min(differences.size(), 10));
  }

  private void add(@Nullable Object... parts) {
    lines.add(String.join(" ", Arrays.stream(parts).map(String::valueOf).toList()));
  }

  private void node(Node node) {
    add("node", node.id(), node.name(), node.identity(), node.bootId(), node.online());
    add(" ", node.offer(), "granted", node.granted(), node.grantedMemoryMb());
    add("  for", node.tenants().stream().sorted().toList(), node.exclusive());
    add("  runs", node.attempts().stream().map(Attempt::id).map(String::valueOf).sorted().toList());
  }

  private void job(ClusterState state, Job job) {
    add("job", job.id(), job.owner(), job.name(), job.priority(), job.createTime(), job.life());
    add("  request", job.requestId(), state.answerTo(job.requestId()), "facts", job.facts());
    add("  draft", job.draft(), job.isSubmitted() ? job.spec() : "");
    add("  unfinished parents", job.unfinishedParents());
    if (!job.isSubmitted()) {
      return;
    }
    add("  counts", job.counts(), job.grantedCores(), job.live(), job.isDone(), job.runnable());
    job.grants().stream().sorted(Comparator.comparingLong(Grant::id)).forEach(this::grant);
    job.tasks().forEach(this::task);
  }

  private void grant(Grant grant) {
    add("  grant", grant.id(), grant.node().id(), grant.openTime(), grant.life());
    add("    busy", grant.busy(), grant.busyMemoryMb());
    if (grant.used() || grant.lost()) {
      add("    used", grant.used(), "lost", grant.lost());
    }
  }

  private void task(Task task) {
    add("  task", task.number(), task.state(), "waits", task.waiting(), "for", task.pending());
    add("    throttle", task.maxRunning());
    add("   ", task.finished(), task.failed(), task.canceled(), task.startTime(), task.endTime());
    task.live().stream()
        .sorted(Comparator.comparingInt(Attempt::ordinal))
        .forEach(
            attempt ->
                add(
                    "    live",
                    attempt.id(),
                    attempt.ordinal(),
                    attempt.placements(),
                    attempt.rerunAfter(),
                    attempt.dispatchTime(),
                    attempt.life()));
    for (var ordinal = 0; ordinal < task.spec().sweep().count(); ordinal++) {
      if (task.pending().contains(ordinal) && task.former(ordinal).number() > 0) {
        add("    former", ordinal, task.former(ordinal));
      }
    }
    if (task instanceof OpenTask) {
      add("    ledger", task.checkpoint().ledger());
    }
    task.skipped().forEach(skipped -> add("    skipped", skipped));
    var ended = new ArrayList<EndedLog.Entry>();
    task.ended().snapshot().forEach(ended::add);
    ended.forEach(entry -> add("    ended", entry));
  }
}
