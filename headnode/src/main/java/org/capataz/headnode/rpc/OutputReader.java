package org.capataz.headnode.rpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.capataz.headnode.view.Board;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.capataz.proto.v1.OutputChunk;
import org.capataz.proto.v1.OutputData;
import org.capataz.proto.v1.OutputQuery;
import org.capataz.proto.v1.OutputStream;
import org.capataz.proto.v1.ReadOutputRequest;
import org.jspecify.annotations.Nullable;

/// Reads what an instance wrote, from the node where it runs or ran, piece by piece. Who reads more
/// slowly than it is written goes on where the node keeps it again.
public final class OutputReader {

  private static final int PIECE = 256 * 1024;
  private static final long FIRST_LOOK_MILLIS = 20;
  private static final long LAST_LOOK_MILLIS = 500;

  private final Board board;
  private final TaskQueries tasks;
  private final Nodes nodes;

  /// Asks nodes. Every answer comes in bounded time, or its absence does.
  @FunctionalInterface
  public interface Nodes {
    CompletableFuture<OutputData> query(int node, AttemptId attempt, OutputQuery query);
  }

  /// Where an instance's output is.
  ///
  /// @param attempt the one that runs, or the latest that ran; null if it has not run yet
  /// @param endedFrom when it started, if it has ended; in microseconds since 1970
  /// @param over whether nothing more will come of it
  private record Place(
      int node, @Nullable AttemptId attempt, long endedFrom, boolean over, OutputQuery query) {

    static final long RUNNING = Long.MAX_VALUE;

    static Place none(boolean over) {
      return new Place(0, null, RUNNING, over, OutputQuery.getDefaultInstance());
    }
  }

  OutputReader(Board board, TaskQueries tasks, Nodes nodes) {
    this.board = board;
    this.tasks = tasks;
    this.nodes = nodes;
  }

  void read(ReadOutputRequest request, StreamObserver<OutputChunk> out) {
    if (board.job(request.getJob()) == null) {
      out.onError(SchedulerService.noJob(request.getJob()));
      return;
    }
    Outlet.open(out, outlet -> copy(request, outlet));
  }

  private void copy(ReadOutputRequest request, Outlet<OutputChunk> outlet)
      throws InterruptedException {
    var offset = request.getOffset();
    var look = FIRST_LOOK_MILLIS;
    AttemptId shown = null;
    var toldOfRemoval = false;
    while (true) {
      var sequence = board.sequence();
      var place = place(request);
      if (place.attempt() == null) {
        if (place.over() || !request.getFollow()) {
          return;
        }
        board.awaitAfter(sequence, 1);
        continue;
      }
      if (shown != null && !shown.equals(place.attempt())) {
        // It runs again; what the former attempt wrote is not what this one writes.
        offset = 0;
        toldOfRemoval = false;
      }
      shown = place.attempt();
      var piece =
          answer(
              nodes.query(
                  place.node(),
                  place.attempt(),
                  place.query().toBuilder().setOffset(offset).setLimit(PIECE).build()));
      if (!piece.getRefusal().isEmpty()) {
        throw Status.FAILED_PRECONDITION.withDescription(piece.getRefusal()).asRuntimeException();
      }
      offset += piece.getLeftOut();
      if (!piece.getData().isEmpty() || piece.getLeftOut() > 0) {
        outlet.send(OutputChunk.newBuilder().setOffset(offset).setData(piece.getData()).build());
        offset += piece.getData().size();
        look = FIRST_LOOK_MILLIS;
      } else if (piece.getRemovedBefore() > place.endedFrom() && !toldOfRemoval) {
        outlet.send(
            OutputChunk.newBuilder()
                .setOffset(offset)
                .setRemovedBefore(piece.getRemovedBefore())
                .build());
        toldOfRemoval = true;
      }
      if (piece.getAtEnd()) {
        if (place.over() || !request.getFollow()) {
          return;
        }
        TimeUnit.MILLISECONDS.sleep(look);
        look = Math.min(LAST_LOOK_MILLIS, look * 2);
      }
    }
  }

  /// Waits for a node, unless the client goes first.
  private static OutputData answer(CompletableFuture<OutputData> answer)
      throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    }
  }

  private Place place(ReadOutputRequest request) {
    var picture = tasks.picture(request.getJob(), request.getTask());
    if (picture == null) {
      if (request.getTask() != 1) {
        throw TaskQueries.noTask(request.getJob(), request.getTask());
      }
      return Place.none(false);
    }
    var instance = TaskQueries.instance(picture, request.getInstance());
    var query = query(request, picture, instance.ordinal());
    var live = instance.live();
    if (live != null) {
      return new Place(live.node(), live.id(), Place.RUNNING, false, query);
    }
    var entry = instance.entry();
    var over = instance.state().isEnd();
    if (entry == null || instance.skip() != null) {
      return Place.none(over);
    }
    var id =
        new AttemptId(
            tasks.cluster(),
            entry.epoch(),
            new InstanceId(request.getJob(), request.getTask(), request.getInstance()),
            entry.number());
    return new Place(entry.node(), id, entry.end().startTime(), over, query);
  }

  private static OutputQuery query(ReadOutputRequest request, TaskPicture picture, int ordinal) {
    var launch = picture.spec().launch();
    var error = request.getStream() == OutputStream.STANDARD_ERROR;
    var path = error ? launch.streams().err() : launch.streams().out();
    var placeholders = picture.spec().placeholders();
    var values = picture.spec().sweep().values(ordinal);
    return OutputQuery.newBuilder()
        .setStream(error ? 1 : 0)
        .setPath(placeholders.filled(path, values))
        .setWorkDirectory(placeholders.filled(launch.workDirectory(), values))
        .build();
  }
}
