package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.capataz.client.JobBuilder;
import org.capataz.client.JobFilter;
import org.capataz.client.JobStatus;
import org.capataz.model.JobDraft;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is acknowledged is on the disk, as the calls show that a head node makes to its kernel.
@Tag("machine")
final class DurabilityIT {

  private static final int JOBS = 30;

  /// How long each sync takes at least: an answer that does not wait for it is there before.
  private static final int SYNC_MILLIS = 50;

  /// A call that has ended, as `strace -f -y -ttt -T` tells it: when it began if it is told at
  /// once, else when it ended; and how long it took.
  private static final Pattern CALL =
      Pattern.compile(
          "\\d+ +(?<time>\\d+\\.\\d+) (?<resumed><\\.\\.\\. )?(?<name>\\w+).* = (?<result>-?\\d+).*"
              + "<(?<took>\\d+\\.\\d+)>");

  @RegisterExtension private final Site site = new Site();

  /// What a client knows of a submit; microseconds since 1970.
  private record Answer(long asked, long answered) {}

  /// Something that the head node did with its database.
  private record Call(boolean isSync, long began, long ended) {}

  /// Watches what a head node writes from now on, or lets it fail.
  private Process trace(HeadProcess head, Path calls, String injected) {
    var log = site.file("strace.log");
    var trace =
        site.start(
            log,
            Map.of(),
            List.of(),
            List.of(
                "strace",
                "-f",
                "-y",
                "-ttt",
                "-T",
                "-s0",
                "-e",
                "trace=pwrite64,fdatasync",
                "-e",
                "inject=fdatasync:" + injected,
                "-o",
                calls.toString(),
                "-p",
                Long.toString(head.pid())));
    Patience.until("a trace", () -> site.reads(log, "attached"));
    return trace;
  }

  private static JobDraft job(int number) {
    return JobBuilder.named("job " + number).task(t -> t.commandLine("true")).build();
  }

  private static long micros() {
    var now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }

  @Test
  void aSubmitIsAnsweredWhenItsJobIsOnTheDisk() throws Exception {
    var head = site.head();
    var file = site.folder().resolve("calls");
    var answers = new ArrayList<Answer>();
    try (var cluster = head.connect()) {
      cluster.submit(job(0));
      var trace = trace(head, file, "delay_exit=" + SYNC_MILLIS * 1000);
      for (var number = 1; number <= JOBS; number++) {
        var asked = micros();
        cluster.submit(job(number));
        answers.add(new Answer(asked, micros()));
      }
      trace.destroy();
      trace.waitFor();
    }

    var calls = read(file);
    assertThat(unsynced(answers, calls)).isEmpty();
    // So the check sees an answer that nothing was synced for.
    assertThat(unsynced(answers, calls.stream().filter(call -> !call.isSync).toList()))
        .hasSize(JOBS);
  }

  private static List<Call> read(Path file) throws IOException {
    var calls = new ArrayList<Call>();
    for (var line : Files.readAllLines(file)) {
      var call = CALL.matcher(line);
      if (call.matches() && Long.parseLong(call.group("result")) >= 0) {
        var time = micros(call.group("time"));
        var took = micros(call.group("took"));
        var isTold = call.group("resumed") == null;
        calls.add(
            new Call(
                call.group("name").equals("fdatasync"),
                isTold ? time : time - took,
                isTold ? time + took : time));
      }
    }
    return calls;
  }

  private static long micros(String seconds) {
    return Long.parseLong(seconds.replace(".", ""));
  }

  /// The answers for which nothing was written, or for which it was not synced when they came.
  private static List<Answer> unsynced(List<Answer> answers, List<Call> calls) {
    return answers.stream()
        .filter(
            answer -> {
              var written =
                  calls.stream()
                      .filter(call -> !call.isSync)
                      .mapToLong(Call::ended)
                      .filter(ended -> ended > answer.asked && ended < answer.answered)
                      .max();
              return written.isEmpty()
                  || calls.stream()
                      .noneMatch(
                          call ->
                              call.isSync
                                  && call.began >= written.getAsLong()
                                  && call.ended <= answer.answered);
            })
        .toList();
  }

  /// Nor does it matter that syncs fail: who is told that a job is there finds it.
  @Test
  void noJobIsLostBySyncsThatFail() throws Exception {
    var head = site.head();
    try (var cluster = head.connect()) {
      var trace = trace(head, site.folder().resolve("calls"), "error=EIO:when=5+7");
      var submitted = new ArrayList<Integer>();
      for (var number = 1; number <= JOBS; number++) {
        submitted.add(cluster.submit(job(number)).id());
      }
      trace.destroy();
      trace.waitFor();
      head.kill();
      head.startAgain();
      try (var jobs = cluster.jobs(JobFilter.all())) {
        assertThat(jobs.sorted(Comparator.comparingInt(JobStatus::id)).map(JobStatus::id))
            .isEqualTo(submitted);
      }
    }
  }
}
