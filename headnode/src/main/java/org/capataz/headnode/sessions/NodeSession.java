package org.capataz.headnode.sessions;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.capataz.headnode.loop.Connection;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterSettings;
import org.capataz.model.EndReason;
import org.capataz.model.JobSpec;
import org.capataz.model.TaskSpec;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.Launch;
import org.capataz.proto.v1.Orders;
import org.capataz.proto.v1.OutputData;
import org.capataz.proto.v1.OutputQuery;
import org.capataz.proto.v1.Placement;
import org.capataz.proto.v1.Start;
import org.capataz.proto.v1.Stop;
import org.capataz.proto.v1.Welcome;
import org.capataz.wire.Drafts;
import org.capataz.wire.Identities;
import org.jspecify.annotations.Nullable;

/// One node's stream. The engine's thread sends orders, others ask for output; both may come at
/// once.
final class NodeSession implements Connection {

  static final int PROTOCOL = 1;

  /// How long a node that stays connected may take to answer a question.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Launches that the node keeps for this stream; a task that starts again after its was retired
  /// is described anew.
  private static final int MOST_LAUNCHES = 1024;

  private final StreamObserver<HeadMessage> out;
  private final Executor later;
  private final Function<Integer, @Nullable String> addresses;
  private final Map<TaskKey, Described> launches = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Long, CompletableFuture<OutputData>> queries = new ConcurrentHashMap<>();
  private final AtomicLong lastQuery = new AtomicLong();
  private long lastLaunch;
  private boolean closed;

  private record TaskKey(int job, int task) {}

  /// A launch as the node knows it: another task or other settings need another one.
  private record Described(long id, TaskSpec task, ClusterSettings settings) {}

  /// @param later does what it is given when the node has had [#PATIENCE] to answer
  /// @param addresses where other nodes reach a node; null if that is not known
  NodeSession(
      StreamObserver<HeadMessage> out,
      Executor later,
      Function<Integer, @Nullable String> addresses) {
    this.out = out;
    this.later = later;
    this.addresses = addresses;
  }

  @Override
  public void welcome(Connection.Greeting greeting) {
    send(
        HeadMessage.newBuilder()
            .setWelcome(
                Welcome.newBuilder()
                    .setCluster(Identities.toBytes(greeting.cluster()))
                    .setClusterName(greeting.clusterName())
                    .setEpoch(greeting.epoch())
                    .setProtocol(PROTOCOL)
                    .setHeartbeatSeconds(greeting.heartbeatSeconds()))
            .build());
  }

  @Override
  public void order(Connection.Due due) {
    var message = Orders.newBuilder();
    for (var start : due.starts()) {
      message.addStarts(toMessage(start, launch(start, message)));
    }
    due.recalls().forEach(attempt -> message.addRecalls(Identities.toMessage(attempt)));
    for (var stop : due.stops()) {
      message.addStops(
          Stop.newBuilder()
              .setAttempt(Identities.toMessage(stop.attempt()))
              // Whether it was canceled, finished or requeued, the head node knows by itself.
              .setEndReason(EndReason.CANCELED.number())
              .setMessage(stop.message())
              .setGraceMicros(stop.graceMicros()));
    }
    due.over().forEach(over -> message.addAcknowledged(Identities.toMessage(over)));
    var orders = message.build();
    if (!orders.equals(Orders.getDefaultInstance())) {
      send(HeadMessage.newBuilder().setOrders(orders).build());
    }
  }

  /// The number of the task's launch on this stream, which is described if it is not known there.
  private long launch(Connection.ToStart start, Orders.Builder message) {
    var key = new TaskKey(start.attempt().job(), start.attempt().task());
    var known = launches.get(key);
    if (known != null
        && known.task().equals(start.task())
        && known.settings().equals(start.settings())) {
      return known.id();
    }
    if (known != null) {
      launches.remove(key);
      message.addRetiredLaunches(known.id());
    }
    if (launches.size() >= MOST_LAUNCHES) {
      var eldest = launches.entrySet().iterator();
      message.addRetiredLaunches(eldest.next().getValue().id());
      eldest.remove();
    }
    var id = ++lastLaunch;
    launches.put(key, new Described(id, start.task(), start.settings()));
    message.addLaunches(describe(id, start));
    return id;
  }

  private static Launch describe(long id, Connection.ToStart start) {
    var task = start.task();
    var launch = task.launch();
    return Launch.newBuilder()
        .setId(id)
        .setCommandLine(launch.command().toString())
        .addAllPlaceholders(task.placeholders().marks())
        .setWorkDirectory(launch.workDirectory())
        .setStdIn(launch.streams().in())
        .setStdOut(launch.streams().out())
        .setStdErr(launch.streams().err())
        .addAllEnvironment(Drafts.variables(start.settings().environment()))
        .addAllEnvironment(Drafts.variables(launch.environment()))
        .addAllFacts(Drafts.variables(facts(start.job())))
        .setTaskName(task.name())
        .build();
  }

  /// What tasks are told of their job.
  private static Map<String, String> facts(JobSpec job) {
    return Map.of(
        "CCP_JOBNAME",
        job.name(),
        "CCP_JOBTEMPLATE",
        job.labels().template(),
        "CCP_EXCLUSIVE",
        job.resources().exclusive() ? "True" : "False");
  }

  private Start toMessage(Connection.ToStart start, long launch) {
    var attempt = start.attempt();
    var message =
        Start.newBuilder()
            .setAttempt(Identities.toMessage(attempt.id()))
            .setLaunch(launch)
            .setRuntimeMicros(start.runtimeMicros())
            .setRerunnable(start.task().rerunnable())
            .addAllValues(start.task().sweep().values(attempt.ordinal()))
            .setBind(start.binds())
            .setLeaseMicros(attempt.leaseMicros())
            .setLane(attempt.lane())
            .setRecalls(start.recalls());
    start.previousExitCode().ifPresent(message::setPreviousExitCode);
    for (var i = 0; i < attempt.placements().size(); i++) {
      var name = start.placed().get(i);
      var address = addresses.apply(attempt.placements().get(i).node());
      var placement =
          Placement.newBuilder()
              .setNode(name)
              .setAddress(address == null ? name : address)
              .setMemoryLimitMb(start.memoryLimitMb(attempt.placements().get(i)));
      for (var word : attempt.placements().get(i).cores().words()) {
        placement.addCores(word);
      }
      for (var word : attempt.placements().get(i).parts().gpus().words()) {
        placement.addGpus(word);
      }
      message.addPlacements(placement);
    }
    return message.build();
  }

  @Override
  public void close(String reason) {
    fail(Status.UNAVAILABLE.withDescription(reason));
  }

  synchronized void fail(Status status) {
    if (!closed) {
      closed = true;
      out.onError(status.asRuntimeException());
    }
    forgetQueries();
  }

  /// The node has said all that it had to say.
  synchronized void complete() {
    if (!closed) {
      closed = true;
      out.onCompleted();
    }
    forgetQueries();
  }

  /// The stream has ended from the other side.
  synchronized void gone() {
    closed = true;
    forgetQueries();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  private void forgetQueries() {
    var gone = Status.UNAVAILABLE.withDescription("the node's connection has gone");
    queries.values().forEach(answer -> answer.completeExceptionally(gone.asRuntimeException()));
    queries.clear();
  }

  private synchronized void send(HeadMessage message) {
    if (!closed) {
      out.onNext(message);
    }
  }

  /// Asks the node for a piece of what an attempt wrote. Completes exceptionally if the connection
  /// goes, or if no answer comes for too long: a file system that hangs holds up nobody here.
  ///
  /// @param name the node's, for messages
  /// @param template all of the query but its id
  CompletableFuture<OutputData> query(String name, AttemptId attempt, OutputQuery template) {
    var id = lastQuery.incrementAndGet();
    var answer = new CompletableFuture<OutputData>();
    queries.put(id, answer);
    // By number, so that an answer is not kept for that long.
    later.execute(() -> late(id, name));
    send(
        HeadMessage.newBuilder()
            .setOutputQuery(
                template.toBuilder().setId(id).setAttempt(Identities.toMessage(attempt)))
            .build());
    synchronized (this) {
      if (closed) {
        forgetQueries();
      }
    }
    return answer;
  }

  /// Says something that does not come from the engine.
  void pass(HeadMessage message) {
    send(message);
  }

  private void late(long id, String name) {
    var answer = queries.remove(id);
    if (answer != null) {
      answer.completeExceptionally(
          Status.FAILED_PRECONDITION
              .withDescription(
                  "expected output from node "
                      + name
                      + ", but it has not answered for "
                      + PATIENCE.toSeconds()
                      + " s; try again, and if it stays so look at its disks and file systems")
              .asRuntimeException());
    }
  }

  void answered(OutputData data) {
    var answer = queries.remove(data.getId());
    if (answer != null) {
      answer.complete(data);
    }
  }

  /// A number of the enumeration of reasons, whatever a newer node sends.
  static EndReason reason(int number) {
    return Arrays.stream(EndReason.values())
        .filter(reason -> reason.number() == number)
        .findFirst()
        .orElse(EndReason.EXIT_STATUS_LOST);
  }

  /// Bytes as text; what is not UTF-8 becomes replacement characters.
  static String text(ByteString bytes) {
    return bytes.toStringUtf8();
  }

  static List<String> groups(List<String> given) {
    return given.stream().map(String::strip).filter(group -> !group.isEmpty()).toList();
  }
}
