package org.capataz.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.client.StandardStream;
import org.capataz.client.TaskBuilder;

/// A cluster of two nodes of as many cores each, which are agents of their own and reach each other
/// at different loopback addresses, and a job for all of it.
final class TwoNodes implements AutoCloseable {

  private final Site site;
  private final HeadProcess head;
  private final List<NodeProcess> nodes;
  private final Cluster cluster;
  private final int coresEach;
  private Path place;
  private int places;

  /// Of two cores each.
  TwoNodes(Site site) {
    this(site, 2);
  }

  TwoNodes(Site site, int coresEach) {
    this.site = site;
    this.coresEach = coresEach;
    place = site.folder();
    head = site.head();
    nodes = List.of(node("n1", "127.0.0.2"), node("n2", "127.0.0.3"));
    cluster = head.connect();
    Patience.until("two nodes", () -> cluster.nodes().size() == 2);
  }

  private NodeProcess node(String name, String address) {
    var options = List.of("--cores=" + coresEach, "--address=" + address);
    return new NodeProcess(site, head, head.nodeToken(), name, options);
  }

  /// A new folder, in which jobs run from now on: each test has its own, though tests share nodes.
  Path moveOn() throws IOException {
    place = site.work("place-" + ++places);
    return place;
  }

  /// A job of one task with all cores.
  Job submit(Consumer<TaskBuilder> task) {
    return submit(2 * coresEach, task);
  }

  Job submit(int cores, Consumer<TaskBuilder> task) {
    return cluster.submit(
        JobBuilder.named("parallel")
            .task(
                t -> {
                  t.cores(cores).rerunnable(false).workDirectory(place.toString());
                  task.accept(t);
                })
            .build());
  }

  /// What a job's task wrote to standard output.
  static String output(Job job) throws IOException {
    return read(job, StandardStream.OUTPUT);
  }

  static String errors(Job job) throws IOException {
    return read(job, StandardStream.ERROR);
  }

  private static String read(Job job, StandardStream stream) throws IOException {
    try (var in = job.output(1, 0, stream)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /// Ends the head node and both agents as SIGKILL does, all at once.
  void kill() {
    var agents = nodes.stream().map(NodeProcess::agent).toList();
    agents.forEach(ProcessHandle::destroyForcibly);
    head.kill();
    agents.forEach(agent -> agent.onExit().join());
  }

  void startHeadAgain() {
    head.startAgain();
  }

  /// Waits until no process of an attempt of that job is left, on either node.
  void awaitNothingOf(Job job) {
    Patience.until("nothing left of job " + job.id(), () -> ofJob(job).isEmpty());
  }

  List<ProcessHandle> ofJob(Job job) {
    var mark = "/" + job.id() + ".1.0/1\0";
    return site.processes().stream()
        .filter(process -> site.reads(Path.of("/proc", process.pid() + "", "environ"), mark))
        .toList();
  }

  void awaitFile(Path file) {
    Patience.until("the file " + file, () -> Files.exists(file));
  }

  Cluster cluster() {
    return cluster;
  }

  HeadProcess head() {
    return head;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
