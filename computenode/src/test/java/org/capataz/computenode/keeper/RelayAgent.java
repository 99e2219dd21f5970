package org.capataz.computenode.keeper;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/// An agent that lets a test speak in its place: it passes on what it hears, over a connection to
/// the port that `--head` names. It first says its process number there.
final class RelayAgent {

  private RelayAgent() {}

  public static void main(String[] arguments) throws IOException {
    var head = arguments[0];
    var port = Integer.parseInt(head.substring(head.lastIndexOf(':') + 1));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var out = socket.getOutputStream();
      for (var shift = 24; shift >= 0; shift -= 8) {
        out.write((int) (ProcessHandle.current().pid() >> shift));
      }
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                pass(in(socket), new FileOutputStream(FileDescriptor.out));
                System.exit(0);
              });
      pass(new FileInputStream(FileDescriptor.in), out);
    }
  }

  private static InputStream in(Socket socket) {
    try {
      return socket.getInputStream();
    } catch (IOException e) {
      return InputStream.nullInputStream();
    }
  }

  private static void pass(InputStream in, OutputStream out) {
    try {
      in.transferTo(out);
    } catch (IOException e) {
      // One of the sides is gone, and so shall this be.
    }
  }
}
