package org.capataz.computenode.keeper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.capataz.computenode.process.NamedPipe;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.Processes;
import org.capataz.model.AttemptId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where `mpi-agent` calls: takes its wish for a branch on another node, asks for it again and
/// again until the branch has ended, and answers. The call's files outlive this keeper; a caller
/// that notices its end calls the next one.
final class BranchDesk implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BranchDesk.class);

  /// Between a question and its repeat: at first, and at most.
  private static final long FIRST_MILLIS = 500;

  private static final long LONGEST_MILLIS = 4_000;

  /// How often to look whether callers live.
  private static final long LOOK_MILLIS = 500;

  /// A command and its environment: what one message carries without trouble.
  private static final int MOST_BYTES = 1024 * 1024;

  /// A call whose answer the caller has not read, or may not have.
  private static final class Call {
    private final Path folder;
    private final ProcessId caller;
    private final FileChannel answer;
    private BranchRequest request;
    private long pause = FIRST_MILLIS;
    private long askAt;
    private boolean answered;

    Call(Path folder, ProcessId caller, FileChannel answer, BranchRequest request) {
      this.folder = folder;
      this.caller = caller;
      this.answer = answer;
      this.request = request;
    }
  }

  private final ParallelFiles files;
  private final Predicate<AttemptId> mayRun;
  private final Consumer<BranchRequest> ask;
  private final Map<BranchId, Call> calls = new HashMap<>();
  private final FileChannel pipe;
  private final Thread clerk;
  private final Thread clock;
  private volatile boolean closed;

  /// Opens, and deletes what earlier attempts left.
  ///
  /// @param mayRun whether an attempt may have a process
  /// @param ask takes questions for other keepers, which may get lost; is not called with a lock
  ///   held
  BranchDesk(ParallelFiles files, Predicate<AttemptId> mayRun, Consumer<BranchRequest> ask)
      throws IOException {
    this.files = files;
    this.mayRun = mayRun;
    this.ask = ask;
    var ownerOnly = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(files.root(), PosixFilePermissions.asFileAttribute(ownerOnly));
    deleteLeftovers();
    try (var program = BranchDesk.class.getResourceAsStream("mpi-agent")) {
      if (program == null) {
        throw new IOException("expected mpi-agent beside this class, but it is missing");
      }
      var next = files.root().resolve("mpi-agent.new");
      Files.copy(program, next, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(next, ownerOnly);
      Files.move(next, files.agent(), StandardCopyOption.ATOMIC_MOVE);
    }
    if (!Files.exists(files.requests())) {
      // One that is there may have callers waiting at it.
      NamedPipe.make(files.requests());
    }
    // Open for both, it neither waits for a caller nor ends with one.
    pipe = FileChannel.open(files.requests(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    clerk = Thread.ofPlatform().daemon().name("branch-desk").start(this::listen);
    clock = Thread.ofPlatform().daemon().name("branch-clock").start(this::repeat);
  }

  private void deleteLeftovers() throws IOException {
    try (var folders = Files.newDirectoryStream(files.root(), Files::isDirectory)) {
      for (var folder : folders) {
        var attempt = ParallelFiles.attempt(folder.getFileName().toString());
        if (attempt.isEmpty() || !mayRun.test(attempt.get())) {
          ParallelFiles.delete(folder);
        }
      }
    }
  }

  /// Takes calls: the folder of one, and the caller's process number, or `stop`.
  private void listen() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(pipe), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
        try {
          take(line);
        } catch (IOException | RuntimeException e) {
          log.warn("ignored a call of mpi-agent: {}", e.toString());
        }
      }
    } catch (IOException e) {
      if (!closed) {
        log.error("mpi-agent cannot be heard any more: {}", e.toString());
      }
    }
  }

  private void take(String line) throws IOException {
    var space = line.lastIndexOf(' ');
    var folder = Path.of(line.substring(0, Math.max(0, space)));
    var word = line.substring(space + 1);
    var attempt =
        folder.getNameCount() < 2
            ? Optional.<AttemptId>empty()
            : ParallelFiles.attempt(folder.getName(folder.getNameCount() - 2).toString());
    if (attempt.isEmpty() || !folder.startsWith(files.folder(attempt.get()))) {
      throw new IOException("expected the folder of a call, but got '" + line + "'");
    }
    var name = folder.getFileName().toString();
    var id = new BranchId(attempt.get(), name.substring(name.lastIndexOf('.') + 1));
    if (word.equals("stop")) {
      stop(id);
    } else {
      open(id, folder, Integer.parseInt(word));
    }
  }

  private void open(BranchId id, Path folder, int pid) throws IOException {
    var caller = Processes.find(pid).orElse(new ProcessId(pid, 0));
    if (!Marks.of(pid).equals(Optional.of(id.attempt())) || !mayRun.test(id.attempt())) {
      throw new IOException("expected process " + pid + " to be one of " + id.attempt());
    }
    var environment = Files.readAllBytes(folder.resolve("environment"));
    var line = Files.readString(folder.resolve("command"));
    var command =
        new BranchRequest.Command(
            line,
            variables(new String(environment, StandardCharsets.UTF_8)),
            Files.readString(folder.resolve("directory")).strip());
    var request =
        new BranchRequest(
            id, Files.readString(folder.resolve("node")), false, Optional.of(command));
    var answer =
        FileChannel.open(
            folder.resolve("answer"), StandardOpenOption.READ, StandardOpenOption.WRITE);
    synchronized (calls) {
      var former = calls.put(id, new Call(folder, caller, answer, request));
      if (former != null) {
        former.answer.close();
      }
      calls.notifyAll();
    }
    if (environment.length + line.length() > MOST_BYTES) {
      hear(
          BranchNews.ended(
              id,
              BranchNews.End.none(
                  "expected a command and environment of 1 MiB at most, but they are larger")));
    }
  }

  private static Map<String, String> variables(String environment) {
    var variables = new HashMap<String, String>();
    for (var entry : environment.split("\0", -1)) {
      var equals = entry.indexOf('=');
      if (equals > 0) {
        variables.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return variables;
  }

  private void stop(BranchId id) {
    synchronized (calls) {
      var call = calls.get(id);
      if (call != null) {
        stop(call);
        calls.notifyAll();
      }
    }
  }

  private static void stop(Call call) {
    var request = call.request;
    if (!request.stop()) {
      call.request = new BranchRequest(request.id(), request.node(), true, request.command());
      call.askAt = 0;
      call.pause = FIRST_MILLIS;
    }
  }

  /// Takes what the other keeper says. Thread: any.
  void hear(BranchNews news) {
    synchronized (calls) {
      var call = calls.get(news.id());
      if (call == null || call.answered) {
        return;
      }
      if (news.end().isEmpty()) {
        call.request = call.request.withoutCommand();
        return;
      }
      call.answered = true;
      answer(call, news.end().get());
    }
  }

  /// The pipe stays open until the caller is gone, as it may not even have begun to read, and the
  /// kernel forgets what is in a pipe that nobody has open.
  private static void answer(Call call, BranchNews.End end) {
    try {
      var errors = end.errors();
      if (!end.message().isEmpty()) {
        errors += "mpi-agent: on " + call.request.node() + ": " + end.message() + "\n";
      }
      write(call.folder.resolve("output"), end.output());
      write(call.folder.resolve("errors"), errors);
      call.answer.write(ByteBuffer.wrap((end.exitCode() + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      // The caller is gone with its folder.
      log.debug("cannot answer", e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    if (!text.isEmpty()) {
      Files.writeString(file, text);
    }
  }

  /// An attempt of this node is over, and its calls with it.
  void close(AttemptId attempt) {
    closeAll(call -> call.request.id().attempt().equals(attempt));
    ParallelFiles.delete(files.folder(attempt));
  }

  private void closeAll(Predicate<Call> which) {
    synchronized (calls) {
      var closing = calls.values().stream().filter(which).toList();
      closing.forEach(BranchDesk::close);
      calls.values().removeAll(closing);
    }
  }

  private static void close(Call call) {
    try {
      call.answer.close();
    } catch (IOException e) {
      log.debug("cannot close an answer", e);
    }
  }

  private void repeat() {
    try {
      while (!closed) {
        due().forEach(ask);
        synchronized (calls) {
          calls.wait(calls.isEmpty() ? 0 : LOOK_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private List<BranchRequest> due() {
    var now = Moment.now().millis();
    closeAll(call -> call.answered && !Processes.isRunning(call.caller));
    synchronized (calls) {
      return calls.values().stream()
          .filter(call -> !call.answered)
          .filter(
              call -> {
                if (!Processes.isRunning(call.caller)) {
                  stop(call);
                }
                var isDue = call.askAt <= now;
                if (isDue) {
                  call.askAt = now + call.pause;
                  call.pause = Math.min(LONGEST_MILLIS, call.pause * 2);
                }
                return isDue;
              })
          .map(call -> call.request)
          .toList();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    clock.interrupt();
    clerk.interrupt();
    pipe.close();
    synchronized (calls) {
      calls.values().forEach(BranchDesk::close);
      calls.clear();
    }
  }
}
