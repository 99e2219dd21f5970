package org.capataz.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.Cluster;
import org.capataz.client.ClusterInfo;
import org.capataz.client.ConnectOptions;
import org.capataz.client.Cores;
import org.capataz.client.DryRun;
import org.capataz.client.InstanceStatus;
import org.capataz.client.Job;
import org.capataz.client.JobFilter;
import org.capataz.client.JobStatus;
import org.capataz.client.NodeState;
import org.capataz.client.NodeStatus;
import org.capataz.client.QueueEntry;
import org.capataz.client.ShareTree;
import org.capataz.client.Watch;
import org.capataz.client.WatchOptions;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.InstanceId;
import org.capataz.model.JobDraft;
import org.capataz.model.JobTemplate;
import org.capataz.model.Result;
import org.capataz.model.Share;
import org.capataz.model.TaskState;
import org.jspecify.annotations.Nullable;

/// A cluster in memory. What was asked of it is kept for the test to see.
final class FakeCluster implements Cluster {

  final Map<Integer, FakeJob> jobs = new TreeMap<>();
  final List<NodeStatus> nodes = new ArrayList<>();
  final List<ConnectOptions> connections = new ArrayList<>();
  @Nullable CapatazException failure;
  ClusterSettings settings = ClusterSettings.DEFAULT.withVariable("SITE", "lab");
  ShareTree shares = new ShareTree("FairTree", Optional.empty(), List.of());
  List<QueueEntry> queue = List.of();
  boolean closed;
  Consumer<FakeJob> whenSubmitted = job -> {};
  int nextId = 12;

  Cluster connect(ConnectOptions options) {
    connections.add(options);
    return this;
  }

  /// Every request fails like this from now on.
  void failWith(Code code, String message) {
    failure = new CapatazException(code, message);
  }

  private void mayFail() {
    if (failure != null) {
      throw failure;
    }
  }

  FakeJob add(JobDraft draft) {
    var job = new FakeJob(this, nextId++, draft);
    jobs.put(job.id(), job);
    return job;
  }

  FakeJob only() {
    assert jobs.size() == 1;
    return jobs.values().iterator().next();
  }

  @Override
  public Job submit(JobDraft draft, UUID requestId) {
    mayFail();
    var job = add(draft);
    job.submit();
    whenSubmitted.accept(job);
    return job;
  }

  @Override
  public DryRun tryOut(JobDraft draft) {
    mayFail();
    return new DryRun(
        "NotEnoughResource",
        "it would wait for 4 cores to be free",
        0,
        List.of(new DryRun.Place("n1", 3, 0), new DryRun.Place("n2", 1, 1)),
        Optional.of(TestWorld.NOW.plusSeconds(600)),
        new Cores(4, 8, 0),
        1);
  }

  @Override
  public Job create(JobDraft draft, UUID requestId) {
    mayFail();
    return add(draft);
  }

  @Override
  public Job job(int id) {
    mayFail();
    var job = jobs.get(id);
    return job != null ? job : new FakeJob(this, id, null);
  }

  @Override
  public Stream<JobStatus> jobs(JobFilter filter) {
    mayFail();
    return new ArrayList<>(jobs.values())
        .reversed().stream()
            .map(FakeJob::status)
            .filter(job -> filter.states().isEmpty() || filter.states().contains(job.state()))
            .filter(job -> filter.owner().map(job.owner()::equals).orElse(true));
  }

  @Override
  public Watch watch(WatchOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<NodeStatus> nodes() {
    mayFail();
    return nodes;
  }

  @Override
  public NodeStatus node(String name) {
    mayFail();
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CapatazException(
                    Code.NOT_FOUND, "expected the name of a node, but there is no '" + name + "'"));
  }

  @Override
  public NodeStatus online(String name) {
    return withState(name, NodeState.ONLINE);
  }

  @Override
  public NodeStatus lost(String name, String message) {
    return node(name);
  }

  @Override
  public void backup(Path file) throws IOException {
    Files.write(file, new byte[5000]);
  }

  @Override
  public NodeStatus offline(String name) {
    return withState(name, NodeState.DRAINING);
  }

  private NodeStatus withState(String name, NodeState state) {
    var node = node(name);
    return new NodeStatus(
        node.id(),
        node.name(),
        state,
        node.unreachableSince(),
        node.capacity(),
        node.found(),
        node.groups(),
        node.oversubscribed());
  }

  @Override
  public ClusterInfo info() {
    mayFail();
    return new ClusterInfo(
        "capataz",
        UUID.fromString("00000000-0000-4000-8000-000000000001"),
        3,
        "0.1.0",
        77,
        jobs.values().stream()
            .collect(Collectors.groupingBy(job -> job.state, Collectors.counting())));
  }

  @Override
  public ClusterSettings settings() {
    mayFail();
    return settings;
  }

  @Override
  public ClusterSettings changeSettings(
      Map<ClusterParameter, String> parameters, Map<String, String> variables) {
    mayFail();
    parameters.forEach((parameter, text) -> settings = settings.with(parameter, text));
    variables.forEach((name, value) -> settings = settings.withVariable(name, value));
    return settings;
  }

  @Override
  public JobTemplate template(String name) {
    mayFail();
    return switch (settings.template(name)) {
      case Result.Ok<JobTemplate>(var template) -> template;
      case Result.Refused<JobTemplate>(var refusal) ->
          throw new CapatazException(Code.NOT_FOUND, refusal.message());
    };
  }

  @Override
  public JobTemplate setTemplate(JobTemplate template) {
    mayFail();
    settings = settings.withTemplate(template);
    return template;
  }

  @Override
  public void deleteTemplate(String name) {
    template(name);
    settings = settings.withoutTemplate(name);
  }

  @Override
  public List<QueueEntry> queue(int most) {
    mayFail();
    return queue.subList(0, Math.min(most, queue.size()));
  }

  @Override
  public ShareTree shares() {
    mayFail();
    return shares;
  }

  @Override
  public void setShare(Share share) {
    mayFail();
    settings = settings.with(settings.shares().with(share));
  }

  @Override
  public void deleteShare(Share.Of of) {
    mayFail();
    settings = settings.with(settings.shares().without(of));
  }

  @Override
  public void close() {
    closed = true;
  }

  static NodeStatus node(String name, int cores, int busy, Optional<Instant> unreachableSince) {
    return new NodeStatus(
        1,
        name,
        NodeState.ONLINE,
        unreachableSince,
        new NodeStatus.Capacity(cores, busy, 16_000, 512),
        new NodeStatus.Inventory(4, 1, 16_000, List.of(), "Linux 6.1", "amd64"),
        List.of("big", "fast"),
        cores > 4);
  }

  static InstanceStatus instance(
      InstanceId id, TaskState state, OptionalInt exitCode, String message, String errorTail) {
    return new InstanceStatus(
        id,
        Map.of(),
        state,
        1,
        Optional.of(TestWorld.NOW.minusSeconds(60)),
        state.isEnd() ? Optional.of(TestWorld.NOW.minusSeconds(18)) : Optional.empty(),
        exitCode,
        "n1",
        2,
        state.isEnd() ? 0 : 512,
        new InstanceStatus.Usage(Duration.ofMillis(40_250), Duration.ofMillis(1_500), 204_800),
        message,
        errorTail);
  }
}
