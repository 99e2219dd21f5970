package org.capataz.headnode;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.capataz.headnode.filter.ActivationFilter;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.rpc.FreeMemory;
import org.capataz.headnode.rpc.FreeSpace;
import org.capataz.headnode.rpc.SchedulerService;
import org.capataz.headnode.security.FrontDoor;
import org.capataz.headnode.sessions.NodeLinkService;
import org.capataz.headnode.store.EmbeddedDatabase;
import org.capataz.headnode.store.StoreException;
import org.capataz.headnode.view.Board;
import org.capataz.scheduler.policy.QueuePolicy;
import org.capataz.wire.HeadAddress;
import org.capataz.wire.TokenFiles;

/// A head node that serves: store, engine loop and services, put together.
public final class HeadNode implements AutoCloseable {

  /// The directory of the database in the data folder.
  static final String DATABASE = "db";

  private static final long STOP_SECONDS = 10;

  private static final EngineLoop.Clock CLOCK = new SystemClock();

  private final FrontDoor door;
  private final EngineLoop loop;
  private final Thread loopThread;
  private final ExecutorService calls;
  private final Thread housekeeper;
  private final Thread filterRunner;
  private final Server server;
  private final HealthStatusManager health;
  private final HeadAddress address;

  private HeadNode(
      FrontDoor door, EngineLoop loop, Thread loopThread, Path database, HeadAddress listen)
      throws IOException {
    this.door = door;
    this.loop = loop;
    this.loopThread = loopThread;
    this.calls = Executors.newVirtualThreadPerTaskExecutor();
    this.health = new HealthStatusManager();
    var nodes = new NodeLinkService(loop);
    this.server =
        door.serverBuilder()
            .executor(calls)
            .addService(
                new SchedulerService(
                    loop,
                    nodes::query,
                    FreeSpace.Disk.of(database),
                    FreeMemory.Heap.ofThisProcess(),
                    version()))
            .addService(nodes)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build()
            .start();
    this.address = listen.withPort(server.getPort());
    this.housekeeper =
        Thread.ofVirtual()
            .name("capataz-housekeeper")
            .start(new Housekeeper(loop, LocalDateTime::now, CLOCK));
    this.filterRunner =
        Thread.ofVirtual()
            .name("capataz-filters")
            .start(new FilterRunner(loop, new ActivationFilter()::ask, calls));
  }

  /// Opens the store and serves.
  ///
  /// @param data folder of database, keys and tokens; made where it is missing
  /// @param clusterName what people are to call the cluster, if the database is new
  /// @param listen where to; port 0 picks one
  /// @param publish whether this user's commands are to find the tokens by themselves
  /// @throws IOException if the address cannot be listened on, or the folder not be used
  /// @throws StoreException if the database cannot be opened
  public static HeadNode start(Path data, String clusterName, HeadAddress listen, boolean publish)
      throws IOException {
    var database = data.resolve(DATABASE);
    // Side by side: each takes a while, most of it for code that has not run before.
    var loading = CompletableFuture.supplyAsync(() -> load(database, clusterName));
    FrontDoor door;
    try {
      door = FrontDoor.open(data, listen, InstantSource.system());
    } catch (IOException | RuntimeException failed) {
      var _ = loading.thenAccept(EngineLoop::close);
      throw failed;
    }
    EngineLoop loop;
    try {
      loop = loading.join();
    } catch (CompletionException failed) {
      door.close();
      throw failed.getCause() instanceof StoreException unusable ? unusable : failed;
    }
    var thread = Thread.ofPlatform().name("capataz-engine").start(loop);
    try {
      var node = new HeadNode(door, loop, thread, database, listen);
      if (publish) {
        door.publish(TokenFiles.ofUser(), node.address.port());
      }
      node.health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
      return node;
    } catch (IOException | RuntimeException failed) {
      loop.stop();
      door.close();
      throw failed;
    }
  }

  private static EngineLoop load(Path database, String clusterName) {
    return new EngineLoop(
        EmbeddedDatabase.open(database, clusterName),
        () -> EmbeddedDatabase.reopen(database),
        new QueuePolicy(),
        CLOCK,
        new Board());
  }

  private static String version() {
    return Objects.requireNonNullElse(
        HeadNode.class.getPackage().getImplementationVersion(), "development");
  }

  /// Where it listens.
  public HeadAddress address() {
    return address;
  }

  /// Stops serving; what was answered is stored. What runs on compute nodes goes on.
  @Override
  public void close() {
    health.enterTerminalState();
    housekeeper.interrupt();
    filterRunner.interrupt();
    server.shutdown();
    loop.stop();
    try {
      loopThread.join();
      if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    calls.shutdownNow();
    door.close();
  }
}
