package org.capataz.systemtests;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.capataz.client.InstanceStatus;
import org.capataz.client.JobStatus;
import org.capataz.model.InstanceId;
import org.capataz.model.TaskState;
import org.capataz.systemtests.Ledger.Line;
import org.capataz.systemtests.Runs.Run;

/// Whether a cluster kept its promises while its programs died: what the tasks say of themselves
/// against what clients were told. A pure function of the evidence.
final class Verdict {

  /// From exit code 128 on a signal ended the process, which then had no chance to write its end.
  private static final int SIGNALED = 128;

  /// How often a task runs again after a loss, by default.
  private static final int MOST_LOSSES = 3;

  /// Between a kill and the times on record: those are of different programs.
  private static final Duration MARGIN = Duration.ofSeconds(2);

  /// The death of a keeper.
  record Death(String node, Instant time) {}

  /// What is known when all is over.
  ///
  /// @param acknowledged ids that clients received, by the request id, which is the job's name
  /// @param canceled ids of the jobs that clients canceled
  /// @param jobs all that there are
  /// @param instances of these jobs, as they ended
  /// @param journal the runs as a watch tells them that begins when all is over
  /// @param watched the runs as a watch told them that was there all the time
  /// @param ledger what the tasks wrote
  /// @param deaths of keepers
  record Evidence(
      Map<UUID, Integer> acknowledged,
      Set<Integer> canceled,
      List<JobStatus> jobs,
      List<InstanceStatus> instances,
      List<Run> journal,
      List<Run> watched,
      List<Line> ledger,
      List<Death> deaths) {}

  /// One run of one instance.
  private record Key(InstanceId instance, int attempt) {
    static Key of(Run run) {
      return new Key(run.instance(), run.attempt());
    }

    static Key of(Line line) {
      return new Key(line.attempt().instance(), line.attempt().number());
    }

    @Override
    public String toString() {
      return "attempt " + attempt + " of " + instance;
    }
  }

  private final Evidence evidence;
  private final Map<Key, List<Line>> lines;
  private final List<String> broken = new ArrayList<>();

  private Verdict(Evidence evidence) {
    this.evidence = evidence;
    this.lines = evidence.ledger().stream().collect(groupingBy(Key::of));
  }

  /// The promises that were broken; empty if all were kept.
  static List<String> of(Evidence evidence) {
    var verdict = new Verdict(evidence);
    verdict.acknowledgedJobsEnded();
    verdict.runsAreNumberedAndRepeatedForAReason();
    verdict.runsWroteWhatTheyShould();
    verdict.nothingElseRan();
    verdict.runsOfOneInstanceDoNotOverlap();
    verdict.lossesAreOfKeepersThatDied();
    verdict.coresWereGivenOnce();
    verdict.rowsAreTheJournal();
    verdict.theWatchMissedNothing();
    return verdict.broken;
  }

  private void acknowledgedJobsEnded() {
    var byName = evidence.jobs().stream().collect(groupingBy(JobStatus::name));
    evidence
        .acknowledged()
        .forEach(
            (request, id) -> {
              var jobs = byName.getOrDefault(request.toString(), List.of());
              expect(
                  jobs.size() == 1 && jobs.getFirst().id() == id,
                  () -> "job " + id + " was acknowledged, but there are " + jobs.size());
            });
    var instances =
        evidence.instances().stream().collect(groupingBy(found -> found.id().job(), counting()));
    for (var job : evidence.jobs()) {
      expect(job.state().isEnd(), () -> "job " + job.id() + " is " + job.state());
      expect(
          job.taskCounts().ended() == instances.getOrDefault(job.id(), 0L),
          () -> "job " + job.id() + " counts " + job.taskCounts());
    }
    for (var instance : evidence.instances()) {
      expect(instance.state().isEnd(), () -> instance.id() + " is " + instance.state());
      expect(
          instance.state() != TaskState.CANCELED || isCanceled(instance.id()),
          () -> instance.id() + " is canceled, but nobody did that");
    }
  }

  private boolean isCanceled(InstanceId instance) {
    return evidence.canceled().contains(instance.job());
  }

  /// A later run only after an earlier one that was lost or never began.
  private void runsAreNumberedAndRepeatedForAReason() {
    var former = new HashMap<InstanceId, Run>();
    for (var run : evidence.journal()) {
      var before = former.put(run.instance(), run);
      var number = before == null ? 0 : before.attempt();
      expect(run.attempt() == number + 1, () -> Key.of(run) + " came after attempt " + number);
      expect(
          before == null || (before.after() == TaskState.QUEUED && isLost(before)),
          () -> Key.of(run) + " followed a run that was not lost");
      expect(
          run.after() != TaskState.FAILED
              || !isLost(run)
              || isCanceled(run.instance())
              || run.attempt() > MOST_LOSSES,
          () -> Key.of(run) + " was lost, and did not run again");
    }
  }

  private static boolean isLost(Run run) {
    return run.exitCode().isEmpty();
  }

  /// Exactly one start and one end of each run whose exit code is on record.
  private void runsWroteWhatTheyShould() {
    for (var run : evidence.journal()) {
      var wrote = lines.getOrDefault(Key.of(run), List.of());
      var starts = wrote.stream().filter(Line::isStart).count();
      var ends = wrote.size() - starts;
      var exit = run.exitCode();
      expect(
          !run.isTakenBack() || starts == 0,
          () -> Key.of(run) + " was taken back before it began, with " + starts + " starts");
      if (exit.isPresent() && exit.getAsInt() < SIGNALED) {
        expect(
            starts == 1 && ends == 1,
            () -> Key.of(run) + " exited, with " + starts + " starts and " + ends + " ends");
      } else {
        expect(
            starts <= 1 && ends <= starts,
            () -> Key.of(run) + " has " + starts + " starts and " + ends + " ends");
      }
    }
  }

  private void nothingElseRan() {
    var runs = new HashMap<Key, Run>();
    for (var run : evidence.journal()) {
      expect(runs.put(Key.of(run), run) == null, () -> Key.of(run) + " ended twice");
    }
    for (var line : evidence.ledger()) {
      var run = runs.get(Key.of(line));
      expect(
          run != null && run.node().equals(line.node()),
          () -> Key.of(line) + " ran on " + line.node() + ", which is not on record");
    }
    var epochs =
        evidence.ledger().stream()
            .collect(groupingBy(Key::of, groupingBy(line -> line.attempt().epoch(), counting())));
    epochs.forEach(
        (key, starts) ->
            expect(starts.size() == 1, () -> key + " was ordered in several epochs: " + starts));
  }

  private void runsOfOneInstanceDoNotOverlap() {
    var instances =
        evidence.ledger().stream().collect(groupingBy(line -> line.attempt().instance()));
    instances.forEach(
        (instance, all) -> {
          var last = 0;
          for (var line : all) {
            var number = line.attempt().number();
            var before = last;
            expect(number >= before, () -> Key.of(line) + " still ran beside attempt " + before);
            last = Math.max(last, number);
          }
        });
  }

  /// While its keeper lives, the end of a run is known.
  private void lossesAreOfKeepersThatDied() {
    for (var run : evidence.journal()) {
      if (isLost(run)
          && !run.isTakenBack()
          && run.after() != TaskState.CANCELED
          && !isCanceled(run.instance())) {
        var from = run.start().orElse(Instant.EPOCH).minus(MARGIN);
        var until = run.end().orElse(Instant.MAX.minus(MARGIN)).plus(MARGIN);
        expect(
            evidence.deaths().stream()
                .anyMatch(
                    death ->
                        death.node().equals(run.node())
                            && death.time().isAfter(from)
                            && death.time().isBefore(until)),
            () ->
                Key.of(run)
                    + " was lost though the keeper of "
                    + run.node()
                    + " lived: "
                    + run.message());
      }
    }
  }

  /// A hold on a core by a run, by the ledger. Of a run without an end only the start is known.
  private record Hold(Key run, long from, long until) {}

  private void coresWereGivenOnce() {
    var holds = new HashMap<String, List<Hold>>();
    lines.forEach(
        (key, wrote) -> {
          var from = wrote.stream().filter(Line::isStart).mapToLong(Line::hundredths).findFirst();
          if (from.isPresent()) {
            var until = wrote.stream().mapToLong(Line::hundredths).max().orElse(from.getAsLong());
            for (var core : wrote.getFirst().cores()) {
              holds
                  .computeIfAbsent(
                      wrote.getFirst().node() + " core " + core, _ -> new ArrayList<>())
                  .add(new Hold(key, from.getAsLong(), until));
            }
          }
        });
    holds.forEach(this::expectOneAtATime);
  }

  private void expectOneAtATime(String core, List<Hold> holds) {
    holds.sort(comparingLong(Hold::from).thenComparingLong(Hold::until));
    var longest = new Hold(new Key(new InstanceId(1, 1, 0), 0), 0, 0);
    for (var hold : holds) {
      var before = longest;
      expect(
          hold.from() >= before.until(),
          () -> core + " was given to " + hold.run() + " and to " + before.run());
      longest = hold.until() > longest.until() ? hold : longest;
    }
  }

  private void rowsAreTheJournal() {
    var last = new HashMap<InstanceId, Run>();
    evidence.journal().forEach(run -> last.put(run.instance(), run));
    for (var instance : evidence.instances()) {
      var run = last.remove(instance.id());
      if (run == null) {
        expect(
            instance.attempt() == 0 && instance.state() != TaskState.FINISHED,
            () -> instance.id() + " is " + instance.state() + ", but has no run in the journal");
      } else if (run.after() != TaskState.QUEUED) {
        expect(
            run.attempt() == instance.attempt()
                && run.node().equals(instance.node())
                && run.after() == instance.state()
                && run.exitCode().equals(instance.exitCode())
                && run.end().equals(instance.endTime()),
            () -> instance + " is in the rows, but in the journal " + run);
      }
    }
    expect(last.isEmpty(), () -> last.keySet() + " ran, but are not there");
  }

  private void theWatchMissedNothing() {
    var told = counted(evidence.watched());
    counted(evidence.journal())
        .forEach(
            (run, times) ->
                expect(
                    times.equals(Optional.ofNullable(told.remove(run)).orElse(0L)),
                    () -> "the watch did not tell once of " + run));
    expect(told.isEmpty(), () -> "the watch told of what is not on record: " + told);
  }

  private static Map<Run, Long> counted(Collection<Run> runs) {
    return runs.stream().collect(groupingBy(Function.identity(), counting()));
  }

  private void expect(boolean kept, Supplier<String> otherwise) {
    if (!kept) {
      broken.add(otherwise.get());
    }
  }

  /// The figures of a run that broke nothing.
  static String figures(Evidence evidence) {
    var finished =
        evidence.instances().stream().filter(i -> i.state() == TaskState.FINISHED).count();
    var lost = evidence.journal().stream().filter(run -> isLost(run) && !run.isTakenBack()).count();
    var again = evidence.journal().stream().filter(run -> run.attempt() > 1).count();
    return "%d jobs, %d tasks, %d finished; %d runs, of which %d were of a keeper that died and %d were reruns"
        .formatted(
            evidence.jobs().size(),
            evidence.instances().size(),
            finished,
            evidence.journal().size(),
            lost,
            again);
  }
}
