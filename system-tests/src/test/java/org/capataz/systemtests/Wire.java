package org.capataz.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A link between two programs of this machine: it carries TCP connections to a port, and cuts,
/// holds back or slows what it carries. As TCP does, it never loses, doubles or reorders a byte of
/// a connection that goes on.
final class Wire implements Network.Link, AutoCloseable {

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final long LOOK_AGAIN_NANOS = 2_000_000;

  private final InetSocketAddress target;
  private final ServerSocket door;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean holdsThere;
  private volatile boolean holdsBack;
  private volatile long delayNanos;

  /// @param target `HOST:PORT` that it leads to
  Wire(String target) {
    var colon = target.lastIndexOf(':');
    this.target =
        new InetSocketAddress(
            target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    var _ = daemon(this::listen);
  }

  @Override
  public String address() {
    return "127.0.0.1:" + door.getLocalPort();
  }

  @Override
  public void cut() {
    open.forEach(Wire::close);
  }

  @Override
  public void hold(boolean there, boolean back) {
    holdsThere = there;
    holdsBack = back;
  }

  @Override
  public void slow(long millis) {
    delayNanos = millis * 1_000_000;
  }

  @Override
  public void heal() {
    hold(false, false);
    slow(0);
  }

  /// Not a virtual thread: those of a test may all be busy.
  private static Thread daemon(Runnable work) {
    return Thread.ofPlatform().daemon().start(work);
  }

  private void listen() {
    while (!door.isClosed()) {
      try {
        var near = door.accept();
        var far = new Socket();
        open.add(near);
        open.add(far);
        var _ = daemon(() -> join(near, far));
      } catch (IOException closed) {
        // As the test ends.
      }
    }
  }

  private void join(Socket near, Socket far) {
    try {
      far.connect(target);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      var back = daemon(() -> carry(far, near, false));
      carry(near, far, true);
      back.join();
    } catch (IOException refused) {
      // Whoever connects learns it by the end of the connection.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      close(near);
      close(far);
      open.remove(near);
      open.remove(far);
    }
  }

  private void carry(Socket from, Socket to, boolean there) {
    var buffer = new byte[BUFFER_BYTES];
    try {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        LockSupport.parkNanos(delayNanos);
        while ((there ? holdsThere : holdsBack) && !to.isClosed()) {
          LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException cut) {
      // Both directions end.
    } finally {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      // What is under way is lost: the other end learns of a reset, not of an end in good order.
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException gone) {
      // Closed already.
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException gone) {
      // As good as closed.
    }
    cut();
  }
}
