package org.capataz.computenode.keeper;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The agent's end of the pipe to its keeper.
///
/// An agent begins with [Request.ListAttempts]. The first report is the [Report.Inventory]; from
/// then on every change of an attempt is reported once, in order.
public interface KeeperLink extends AutoCloseable {

  /// The keeper of this process, over standard input and output. From here on what is printed goes
  /// to standard error. As [#over].
  static KeeperLink ofThisProcess() throws IOException {
    System.setOut(System.err);
    return over(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
  }

  /// A keeper at the other end of these streams. Waits until it wants this agent, which is when no
  /// other one is at work any more.
  ///
  /// @throws IOException if the keeper is gone, or speaks another version; one line
  static KeeperLink over(InputStream in, OutputStream out) throws IOException {
    var frames = new Frames(in, out);
    frames.sayHello();
    frames.expectHello("the keeper");
    return new FramedLink(frames);
  }

  /// Sends requests, in order and in one piece. Thread: any. Does not wait for their effect.
  ///
  /// @throws IOException if the keeper is gone; nothing remains for an agent but to exit
  void send(Collection<? extends Request> requests) throws IOException;

  default void send(Request request) throws IOException {
    send(List.of(request));
  }

  /// Waits for the next report. Thread: one.
  ///
  /// @return null when the keeper has closed the link: the agent is to exit
  @Nullable Report receive() throws IOException;

  @Override
  void close() throws IOException;
}
