package org.capataz.headnode.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.capataz.headnode.loop.RunningLoop;
import org.capataz.headnode.security.Principal;
import org.capataz.proto.v1.SchedulerGrpc;
import org.capataz.wire.Token;

/// The service for clients over a running loop, served inside this process.
final class ServedLoop {

  private final RunningLoop running;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final Server server;
  private volatile boolean administrator = true;
  private final ManagedChannel channel;
  private volatile long freeMegabytes = 1_000_000;
  private final FreeSpace.Disk disk =
      new FreeSpace.Disk() {
        @Override
        public String place() {
          return "/data";
        }

        @Override
        public long freeMegabytes() {
          return freeMegabytes;
        }
      };

  private volatile long heapBytes = Long.MAX_VALUE;
  private volatile long liveBytes;
  private volatile long garbageBytes;
  private final FreeMemory.Heap heap =
      new FreeMemory.Heap() {
        @Override
        public long bytes() {
          return heapBytes;
        }

        @Override
        public long usedBytes() {
          return liveBytes + garbageBytes;
        }

        @Override
        public void collect() {
          garbageBytes = 0;
        }
      };

  ServedLoop(Path directory, OutputReader.Nodes nodes) throws IOException {
    running = new RunningLoop(directory);
    var name = UUID.randomUUID().toString();
    server =
        InProcessServerBuilder.forName(name)
            .executor(calls)
            .intercept(new Asking())
            .addService(new SchedulerService(running.loop(), nodes, disk, heap, "1.0"))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  /// Lets everybody through as one user.
  private final class Asking implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      var principal = new Principal("ana", Token.Kind.CLIENT, administrator);
      return Contexts.interceptCall(principal.asking(), call, headers, next);
    }
  }

  /// Whether who asks from now on is an administrator.
  void administrator(boolean is) {
    administrator = is;
  }

  /// What is free on the disk from now on.
  void freeMegabytes(long free) {
    freeMegabytes = free;
  }

  /// What the heap holds from now on.
  void heap(long bytes, long live, long garbage) {
    heapBytes = bytes;
    liveBytes = live;
    garbageBytes = garbage;
  }

  RunningLoop running() {
    return running;
  }

  SchedulerGrpc.SchedulerBlockingStub client() {
    return SchedulerGrpc.newBlockingStub(channel);
  }

  SchedulerGrpc.SchedulerStub asyncClient() {
    return SchedulerGrpc.newStub(channel);
  }

  static void assertRefused(Status.Code code, String why, ThrowingCallable call) {
    var refusal = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(refusal.getStatus().getCode()).isEqualTo(code);
    assertThat(refusal.getStatus().getDescription()).contains(why);
  }

  void close() throws InterruptedException {
    channel.shutdownNow();
    server.shutdownNow();
    running.close();
    server.awaitTermination();
    calls.shutdownNow();
  }
}
