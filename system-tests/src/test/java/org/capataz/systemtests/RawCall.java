package org.capataz.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.MessageLite;
import io.grpc.Status;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One gRPC call over a connection of its own, as HTTP/2 frames (RFC 9113) that no client library
/// would send. Used by one thread.
final class RawCall implements AutoCloseable {

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int STREAM = 1;
  private static final int FRAME = 16 * 1024;

  /// Of a gRPC message: whether it is compressed, and its length.
  private static final int PREFIX = 5;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GO_AWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int ACKNOWLEDGED = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;

  /// As a server's encoder writes it that has not written it before: both as they are.
  private static final Pattern STATUS = Pattern.compile("grpc-status.([0-9]{1,2})", Pattern.DOTALL);

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private long connectionWindow = 65_535;
  private long streamWindow = 65_535;
  private int initialWindow = 65_535;
  private boolean ended;
  private String said = "";
  private ByteBuffer received = ByteBuffer.allocate(0);

  /// Connects, and says nothing yet.
  RawCall(String address) throws IOException {
    var port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
  }

  /// Sends any bytes.
  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /// The first bytes of a connection.
  static byte[] preface() {
    return PREFACE.getBytes(US_ASCII);
  }

  /// Begins the call.
  void begin(String method, String bearer) throws IOException {
    out.write(preface());
    frame(SETTINGS, 0, 0, new byte[0]);
    var headers = new ByteArrayOutputStream();
    header(headers, ":method", "POST");
    header(headers, ":scheme", "http");
    header(headers, ":path", "/" + method);
    header(headers, ":authority", "localhost");
    header(headers, "te", "trailers");
    header(headers, "content-type", "application/grpc");
    header(headers, "authorization", "Bearer " + bearer);
    frame(HEADERS, END_HEADERS, STREAM, headers.toByteArray());
    out.flush();
  }

  /// A literal that is not indexed, RFC 7541 section 6.2.2.
  private static void header(ByteArrayOutputStream headers, String name, String value) {
    headers.write(0);
    for (var text : new String[] {name, value}) {
      if (text.length() > 126) {
        throw new IllegalArgumentException("expected a short text, but got " + text);
      }
      headers.write(text.length());
      headers.writeBytes(text.getBytes(US_ASCII));
    }
  }

  /// Says how long the message is.
  void announce(int length) throws IOException {
    data(ByteBuffer.allocate(PREFIX).put((byte) 0).putInt(length).array(), false);
  }

  /// Sends some of the message, as fast as the server lets it.
  ///
  /// @return whether the call goes on
  boolean body(byte[] bytes, boolean last) throws IOException {
    for (var at = 0; at < bytes.length || (last && bytes.length == 0); ) {
      while (!ended && Math.min(connectionWindow, streamWindow) <= 0) {
        read();
      }
      if (ended) {
        return false;
      }
      var some =
          (int)
              Math.min(
                  Math.min(FRAME, bytes.length - at), Math.min(connectionWindow, streamWindow));
      var piece = new byte[some];
      System.arraycopy(bytes, at, piece, 0, some);
      at += some;
      try {
        data(piece, last && at == bytes.length);
      } catch (IOException gone) {
        // Why may still be there to read.
        return false;
      }
    }
    return true;
  }

  private void data(byte[] bytes, boolean last) throws IOException {
    frame(DATA, last ? END_STREAM : 0, STREAM, bytes);
    out.flush();
    connectionWindow -= bytes.length;
    streamWindow -= bytes.length;
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  /// Sends all of the one message of the call.
  void send(MessageLite message) throws IOException {
    announce(message.getSerializedSize());
    body(message.toByteArray(), true);
  }

  /// Waits for the next message.
  ///
  /// @return null if there is none before the end of the call
  @Nullable ByteBuffer message() {
    while (true) {
      if (received.remaining() >= PREFIX) {
        var length = received.getInt(received.position() + 1);
        if (received.remaining() >= PREFIX + length) {
          var message = received.slice(received.position() + PREFIX, length);
          received.position(received.position() + PREFIX + length);
          return message;
        }
      }
      if (ended) {
        return null;
      }
      read();
    }
  }

  /// Waits for the end of the call.
  ///
  /// @return its status; unavailable if the connection ended without one
  Status.Code end() {
    while (!ended) {
      read();
    }
    var status = STATUS.matcher(said);
    return status.find()
        ? Status.fromCodeValue(Integer.parseInt(status.group(1))).getCode()
        : Status.Code.UNAVAILABLE;
  }

  private void read() {
    try {
      readFrame();
    } catch (IOException gone) {
      ended = true;
    }
  }

  private void readFrame() throws IOException {
    var first = in.read();
    if (first < 0) {
      ended = true;
      return;
    }
    var payload = new byte[(first << 16) + in.readUnsignedShort()];
    var type = in.readUnsignedByte();
    var flags = in.readUnsignedByte();
    var stream = in.readInt();
    in.readFully(payload);
    switch (type) {
      case SETTINGS -> settings(flags, payload);
      case PING -> {
        if ((flags & ACKNOWLEDGED) == 0) {
          frame(PING, ACKNOWLEDGED, 0, payload);
          out.flush();
        }
      }
      case WINDOW_UPDATE -> {
        var more = Integer.toUnsignedLong(number(payload, 0, 4));
        if (stream == 0) {
          connectionWindow += more;
        } else {
          streamWindow += more;
        }
      }
      case DATA -> {
        received =
            ByteBuffer.allocate(received.remaining() + payload.length)
                .put(received)
                .put(payload)
                .flip();
        ended |= (flags & END_STREAM) != 0;
        if (payload.length > 0) {
          frame(WINDOW_UPDATE, 0, 0, bytes(payload.length));
          frame(WINDOW_UPDATE, 0, STREAM, bytes(payload.length));
          out.flush();
        }
      }
      case HEADERS -> {
        said += new String(payload, ISO_8859_1);
        ended |= (flags & END_STREAM) != 0;
      }
      case RESET, GO_AWAY -> ended = true;
      default -> {}
    }
  }

  private void settings(int flags, byte[] payload) throws IOException {
    if ((flags & ACKNOWLEDGED) != 0) {
      return;
    }
    for (var at = 0; at < payload.length; at += 6) {
      if (number(payload, at, 2) == INITIAL_WINDOW_SIZE) {
        var size = number(payload, at + 2, 4);
        streamWindow += size - initialWindow;
        initialWindow = size;
      }
    }
    frame(SETTINGS, ACKNOWLEDGED, 0, new byte[0]);
    out.flush();
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static int number(byte[] bytes, int at, int length) {
    var number = 0;
    for (var i = at; i < at + length; i++) {
      number = (number << 8) | (bytes[i] & 0xff);
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
