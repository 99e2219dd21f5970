package org.capataz.computenode.keeper;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;

/// Messages as bytes: one for the kind, then the record's components in order, numbers big-endian,
/// texts as length and UTF-8. Writer and reader stand side by side, so that they stay alike; a
/// change of either is a new version of the spool ([Spool]) and of the link ([Frames]).
final class Codec {

  /// Far above any message: an inventory holds 2 KiB for each attempt that ended badly.
  static final int MAX_BYTES = 256 * 1024 * 1024;

  private static final byte START = 1;
  private static final byte STOP = 2;
  private static final byte ACKNOWLEDGE = 3;
  private static final byte LIST_ATTEMPTS = 4;
  private static final byte HOLD = 6;
  private static final byte SERVE = 7;
  private static final byte HEAR = 8;
  private static final byte RENEW = 9;
  private static final byte RECALL = 10;
  private static final byte ACCEPTED = 16;
  private static final byte RUNNING = 17;
  private static final byte ENDED = 18;
  private static final byte INVENTORY = 19;
  private static final byte STOPPING = 20;

  private static final byte WANTED = 21;
  private static final byte SERVED = 22;
  private static final byte LEASED = 23;
  private static final byte BEGUN = 32;
  private static final byte BRANCH_BEGUN = 33;

  private static final byte CODE = 0;
  private static final byte KILLED = 1;
  private static final byte UNKNOWN = 2;

  private Codec() {}

  static byte[] encode(Message message) {
    var bytes = new ByteArrayOutputStream(512);
    try {
      write(new DataOutputStream(bytes), message);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /// @throws IOException if the bytes are no message
  static Message decode(byte[] bytes) throws IOException {
    try {
      return read(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (EOFException e) {
      throw new IOException("expected a message, but it is cut short", e);
    } catch (IllegalArgumentException e) {
      throw new IOException("expected a message, but " + e.getMessage(), e);
    }
  }

  private static void write(DataOutputStream out, Message message) throws IOException {
    switch (message) {
      case Request.Start(var attempt, var execution, var lane) -> {
        out.writeByte(START);
        writeAttempt(out, attempt);
        writeExecution(out, execution);
        out.writeLong(lane);
      }
      case Request.Recall(var attempt) -> {
        out.writeByte(RECALL);
        writeAttempt(out, attempt);
      }
      case Request.Stop(var attempt, var reason, var text, var graceMillis) -> {
        out.writeByte(STOP);
        writeAttempt(out, attempt);
        out.writeInt(reason.number());
        writeText(out, text);
        out.writeLong(graceMillis);
      }
      case Request.Acknowledge(var attempts) -> {
        out.writeByte(ACKNOWLEDGE);
        out.writeInt(attempts.size());
        for (var attempt : attempts) {
          writeAttempt(out, attempt);
        }
      }
      case Request.ListAttempts() -> out.writeByte(LIST_ATTEMPTS);
      case Request.Hold(var attempt, var variables, var limits, var cpus) -> {
        out.writeByte(HOLD);
        writeAttempt(out, attempt);
        writeVariables(out, variables);
        writeLimits(out, limits);
        writeNumbers(out, cpus);
      }
      case Request.Serve(var request) -> {
        out.writeByte(SERVE);
        writeRequest(out, request);
      }
      case Request.Hear(var news) -> {
        out.writeByte(HEAR);
        writeNews(out, news);
      }
      case Request.Renew(var millis) -> {
        out.writeByte(RENEW);
        out.writeLong(millis);
      }
      case Report.Leased(var millis) -> {
        out.writeByte(LEASED);
        out.writeLong(millis);
      }
      case Report.Accepted(var attempt) -> {
        out.writeByte(ACCEPTED);
        writeAttempt(out, attempt);
      }
      case Report.Running(var attempt, var process, var startMicros, var orphan) -> {
        out.writeByte(RUNNING);
        writeAttempt(out, attempt);
        out.writeInt(process.pid());
        out.writeLong(process.startTicks());
        out.writeLong(startMicros);
        out.writeBoolean(orphan);
      }
      case Report.Ended(var attempt, var reason, var text, var outcome) -> {
        out.writeByte(ENDED);
        writeAttempt(out, attempt);
        out.writeInt(reason.number());
        writeText(out, text);
        writeOutcome(out, outcome);
      }
      case Report.Inventory(var bootId, var attempts) -> {
        out.writeByte(INVENTORY);
        writeText(out, bootId);
        out.writeInt(attempts.size());
        for (var attempt : attempts) {
          write(out, attempt);
        }
      }
      case Report.Stopping() -> out.writeByte(STOPPING);
      case Report.Wanted(var request) -> {
        out.writeByte(WANTED);
        writeRequest(out, request);
      }
      case Report.Served(var news) -> {
        out.writeByte(SERVED);
        writeNews(out, news);
      }
      case BranchBegun(var attempt) -> {
        out.writeByte(BRANCH_BEGUN);
        writeAttempt(out, attempt);
      }
      case Begun(var attempt, var limits, var lane) -> {
        out.writeByte(BEGUN);
        writeAttempt(out, attempt);
        writeLimits(out, limits);
        out.writeLong(lane);
      }
    }
  }

  private static Message read(DataInputStream in) throws IOException {
    var kind = in.readByte();
    return switch (kind) {
      case START -> new Request.Start(readAttempt(in), readExecution(in), in.readLong());
      case RECALL -> new Request.Recall(readAttempt(in));
      case STOP ->
          new Request.Stop(
              readAttempt(in), EndReason.ofNumber(in.readInt()), readText(in), in.readLong());
      case ACKNOWLEDGE -> {
        var attempts = new ArrayList<AttemptId>();
        for (var left = in.readInt(); left > 0; left--) {
          attempts.add(readAttempt(in));
        }
        yield new Request.Acknowledge(attempts);
      }
      case LIST_ATTEMPTS -> new Request.ListAttempts();
      case ACCEPTED -> new Report.Accepted(readAttempt(in));
      case RUNNING ->
          new Report.Running(
              readAttempt(in),
              new ProcessId(in.readInt(), in.readLong()),
              in.readLong(),
              in.readBoolean());
      case ENDED ->
          new Report.Ended(
              readAttempt(in), EndReason.ofNumber(in.readInt()), readText(in), readOutcome(in));
      case INVENTORY -> {
        var bootId = readText(in);
        var attempts = new ArrayList<Report.OfAttempt>();
        for (var left = in.readInt(); left > 0; left--) {
          attempts.add((Report.OfAttempt) read(in));
        }
        yield new Report.Inventory(bootId, attempts);
      }
      case STOPPING -> new Report.Stopping();
      case HOLD ->
          new Request.Hold(readAttempt(in), readVariables(in), readLimits(in), readNumbers(in));
      case SERVE -> new Request.Serve(readRequest(in));
      case HEAR -> new Request.Hear(readNews(in));
      case RENEW -> new Request.Renew(in.readLong());
      case LEASED -> new Report.Leased(in.readLong());
      case WANTED -> new Report.Wanted(readRequest(in));
      case SERVED -> new Report.Served(readNews(in));
      case BRANCH_BEGUN -> new BranchBegun(readAttempt(in));
      case BEGUN -> new Begun(readAttempt(in), readLimits(in), in.readLong());
      default -> throw new IOException("expected a message, but got kind " + kind);
    };
  }

  private static void writeAttempt(DataOutputStream out, AttemptId attempt) throws IOException {
    out.writeLong(attempt.cluster().getMostSignificantBits());
    out.writeLong(attempt.cluster().getLeastSignificantBits());
    out.writeLong(attempt.epoch());
    out.writeInt(attempt.instance().job());
    out.writeInt(attempt.instance().task());
    out.writeLong(attempt.instance().instance());
    out.writeInt(attempt.number());
  }

  private static AttemptId readAttempt(DataInputStream in) throws IOException {
    return new AttemptId(
        new UUID(in.readLong(), in.readLong()),
        in.readLong(),
        new InstanceId(in.readInt(), in.readInt(), in.readLong()),
        in.readInt());
  }

  private static void writeExecution(DataOutputStream out, Execution execution) throws IOException {
    out.writeInt(execution.arguments().size());
    for (var argument : execution.arguments()) {
      writeText(out, argument);
    }
    writeVariables(out, execution.environment());
    writeText(out, execution.workDirectory());
    writeText(out, execution.streams().in());
    writeText(out, execution.streams().out());
    writeText(out, execution.streams().err());
    writeLimits(out, execution.limits());
    writeNumbers(out, execution.cpus());
    out.writeInt(execution.peers().size());
    for (var peer : execution.peers()) {
      writeText(out, peer.node());
      writeText(out, peer.address());
      out.writeInt(peer.cores());
    }
  }

  private static void writeVariables(DataOutputStream out, Map<String, String> variables)
      throws IOException {
    out.writeInt(variables.size());
    for (var variable : variables.entrySet()) {
      writeText(out, variable.getKey());
      writeText(out, variable.getValue());
    }
  }

  private static Map<String, String> readVariables(DataInputStream in) throws IOException {
    var variables = new HashMap<String, String>();
    for (var left = in.readInt(); left > 0; left--) {
      variables.put(readText(in), readText(in));
    }
    return variables;
  }

  private static void writeBranch(DataOutputStream out, BranchId branch) throws IOException {
    writeAttempt(out, branch.attempt());
    writeText(out, branch.name());
  }

  private static BranchId readBranch(DataInputStream in) throws IOException {
    return new BranchId(readAttempt(in), readText(in));
  }

  private static void writeRequest(DataOutputStream out, BranchRequest request) throws IOException {
    writeBranch(out, request.id());
    writeText(out, request.node());
    out.writeBoolean(request.stop());
    out.writeBoolean(request.command().isPresent());
    if (request.command().isPresent()) {
      var command = request.command().get();
      writeText(out, command.line());
      writeVariables(out, command.environment());
      writeText(out, command.directory());
    }
  }

  private static BranchRequest readRequest(DataInputStream in) throws IOException {
    return new BranchRequest(
        readBranch(in),
        readText(in),
        in.readBoolean(),
        in.readBoolean()
            ? Optional.of(new BranchRequest.Command(readText(in), readVariables(in), readText(in)))
            : Optional.empty());
  }

  private static void writeNews(DataOutputStream out, BranchNews news) throws IOException {
    writeBranch(out, news.id());
    out.writeBoolean(news.end().isPresent());
    if (news.end().isPresent()) {
      var end = news.end().get();
      out.writeInt(end.exitCode());
      writeText(out, end.message());
      writeText(out, end.output());
      writeText(out, end.errors());
    }
  }

  private static BranchNews readNews(DataInputStream in) throws IOException {
    return new BranchNews(
        readBranch(in),
        in.readBoolean()
            ? Optional.of(
                new BranchNews.End(in.readInt(), readText(in), readText(in), readText(in)))
            : Optional.empty());
  }

  private static Execution readExecution(DataInputStream in) throws IOException {
    List<String> arguments = new ArrayList<>();
    for (var left = in.readInt(); left > 0; left--) {
      arguments.add(readText(in));
    }
    return new Execution(
        arguments,
        readVariables(in),
        readText(in),
        new Execution.Streams(readText(in), readText(in), readText(in)),
        readLimits(in),
        readNumbers(in),
        readPeers(in));
  }

  private static void writeNumbers(DataOutputStream out, List<Integer> numbers) throws IOException {
    out.writeInt(numbers.size());
    for (var number : numbers) {
      out.writeInt(number);
    }
  }

  private static List<Integer> readNumbers(DataInputStream in) throws IOException {
    var numbers = new ArrayList<Integer>();
    for (var left = in.readInt(); left > 0; left--) {
      numbers.add(in.readInt());
    }
    return numbers;
  }

  private static List<Execution.Peer> readPeers(DataInputStream in) throws IOException {
    var peers = new ArrayList<Execution.Peer>();
    for (var left = in.readInt(); left > 0; left--) {
      peers.add(new Execution.Peer(readText(in), readText(in), in.readInt()));
    }
    return peers;
  }

  private static void writeLimits(DataOutputStream out, Execution.Limits limits)
      throws IOException {
    out.writeLong(limits.runMillis());
    out.writeLong(limits.graceMillis());
    out.writeInt(limits.memoryMb());
    out.writeLong(limits.leaseMillis());
  }

  private static Execution.Limits readLimits(DataInputStream in) throws IOException {
    return new Execution.Limits(in.readLong(), in.readLong(), in.readInt(), in.readLong());
  }

  private static void writeOutcome(DataOutputStream out, Report.Outcome outcome)
      throws IOException {
    switch (outcome.status()) {
      case ExitStatus.Code(var code) -> writeStatus(out, CODE, code);
      case ExitStatus.Killed(var signal) -> writeStatus(out, KILLED, signal);
      case ExitStatus.Unknown() -> writeStatus(out, UNKNOWN, 0);
    }
    out.writeLong(outcome.startMicros());
    out.writeLong(outcome.endMicros());
    out.writeLong(outcome.usage().userMicros());
    out.writeLong(outcome.usage().systemMicros());
    out.writeLong(outcome.usage().maxRssKib());
    writeText(out, outcome.errorTail());
  }

  private static void writeStatus(DataOutputStream out, byte kind, int value) throws IOException {
    out.writeByte(kind);
    out.writeInt(value);
  }

  private static Report.Outcome readOutcome(DataInputStream in) throws IOException {
    var kind = in.readByte();
    var value = in.readInt();
    var status =
        switch (kind) {
          case CODE -> new ExitStatus.Code(value);
          case KILLED -> new ExitStatus.Killed(value);
          case UNKNOWN -> new ExitStatus.Unknown();
          default -> throw new IOException("expected an exit status, but got kind " + kind);
        };
    return new Report.Outcome(
        status,
        in.readLong(),
        in.readLong(),
        new ResourceUsage(in.readLong(), in.readLong(), in.readLong()),
        readText(in));
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    var length = in.readInt();
    // What is left bounds what a wrong length can ask for.
    if (length < 0 || length > in.available()) {
      throw new IOException("expected a text, but its length is " + length);
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
