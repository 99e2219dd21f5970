package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.JobTemplate;
import org.capataz.model.Parts;
import org.capataz.model.PendingReason;
import org.capataz.model.Quota;
import org.capataz.model.Share;
import org.capataz.model.TaskState;
import org.capataz.model.Topology;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.event.Pace;
import org.capataz.scheduler.event.Placement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {

  private Random random = new Random();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void eventsOfAnyContentAreReadAsTheyWereWritten(long seed) {
    random = new Random(seed);
    for (var round = 0; round < 300; round++) {
      for (var job : List.of(0, 1 + number(Integer.MAX_VALUE - 1))) {
        var events = new ArrayList<Event>();
        for (var left = 1 + number(20); left > 0; left--) {
          events.add(job == 0 ? ofNode() : ofJob(job));
        }
        var out = new PackedWriter();
        EventCodec.write(out, events);
        var in = new PackedReader(out.toBytes());
        assertThat(EventCodec.read(in, job, EventCodec.time(events.getFirst())))
            .as("seed " + seed)
            .isEqualTo(events);
        assertThat(in.isAtEnd()).isTrue();
      }
    }
  }

  private Event ofNode() {
    return switch (random.nextInt(9)) {
      case 6 ->
          new Event.ShareSet(
              new Share(
                  new Share.Of(text(), text()),
                  text(),
                  number(1000),
                  number(1000),
                  new Quota(
                      OptionalInt.of(number(99)),
                      OptionalInt.empty(),
                      OptionalInt.of(0),
                      OptionalInt.of(number(99)))),
              time());
      case 7 -> new Event.ShareDeleted(new Share.Of(text(), text()), time());
      case 5 -> new Event.ClockSet(random.nextLong(), time());
      case 0 -> new Event.NodeSwitched(number(1000), random.nextBoolean(), time());
      case 1 -> new Event.ClusterParameterSet(one(ClusterParameter.values()), text(), time());
      case 2 -> new Event.ClusterVariableSet(text(), text(), time());
      case 3 -> new Event.TemplateDeleted(text(), time());
      case 4 ->
          new Event.TemplateSet(
              new JobTemplate(
                  text(),
                  text(),
                  List.of(text()),
                  List.of(
                      new JobTemplate.Item(
                          one(JobProperty.values()),
                          text(),
                          text(),
                          text(),
                          List.of(text()),
                          List.of(text(), text())))),
              time());
      default ->
          new Event.NodeRegistered(
              number(1000),
              uuid(),
              text(),
              new NodeOffer(
                  Topology.even(1 + number(8192), 1 + number(8), number(9)),
                  number(1 << 30),
                  new NodeOffer.Found(
                      number(8192),
                      number(8),
                      number(1 << 30),
                      List.of(text(), text()),
                      text(),
                      text()),
                  List.of(text(), text())),
              text(),
              time());
    };
  }

  private Event ofJob(int job) {
    return switch (random.nextInt(30)) {
      case 0 -> new Event.JobCreated(job, uuid(), text(), JobDraft.EMPTY, time());
      case 1 -> new Event.TasksAdded(job, uuid(), List.of(), time());
      case 2 -> new Event.JobSubmitted(job, random.nextLong() >>> 1, time());
      case 3 -> new Event.JobStarted(job, time());
      case 4 -> new Event.JobStopping(job, jobState(), text(), random.nextBoolean(), time());
      case 5 -> new Event.JobEnded(job, jobState(), text(), time());
      case 6 -> new Event.JobRequeued(job, random.nextBoolean(), number(1000), time());
      case 7 -> new Event.GrantOpened(job, number(99), number(99), parts(), number(99), time());
      case 8 -> new Event.GrantResized(job, number(99), number(99), parts(), number(99), time());
      case 9 -> new Event.GrantClosed(job, number(99), number(99), time());
      case 10 ->
          new Event.AttemptDispatched(
              job,
              number(100_000),
              number(10_000_000),
              number(100),
              List.of(
                  new Placement(random.nextLong() >>> 1, number(999), parts(), number(99)),
                  new Placement(number(9), number(9), parts(), 0)),
              random.nextBoolean(),
              number(31_536_000),
              time());
      case 11 -> new Event.AttemptStarted(job, number(9), number(9), time());
      case 12 ->
          new Event.AttemptStopping(
              job, number(9), number(9), reason(), text(), random.nextBoolean(), time());
      case 21 -> new Event.JobDeleted(job, time());
      case 22 ->
          new Event.JobModified(
              job,
              random.nextBoolean() ? uuid() : null,
              JobChange.NONE,
              JobDraft.EMPTY,
              number(1000),
              time());
      case 23 -> new Event.JobBlocked(job, one(PendingReason.values()), time());
      case 24 -> new Event.JobConfigured(job, JobDraft.EMPTY, time());
      case 18 -> new Event.JobProgressed(job, number(102) - 1, text(), time());
      case 26 -> new Event.GrantUsed(job, number(99), number(99), time());
      case 27 -> new Event.GrantLost(job, number(99), number(99), time());
      case 28 ->
          new Event.ServicePaced(
              job,
              number(9),
              new Pace(number(99), number(9), number(1_000_000), random.nextLong() >>> 1),
              time());
      case 29 ->
          new Event.AttemptRecalled(
              job, number(9), number(9), reason(), text(), random.nextBoolean(), time());
      case 13 -> new Event.AttemptEnded(job, number(9), number(9), taskState(), end(), time());
      case 14 ->
          new Event.InstanceSkipped(
              job, number(9), number(9), taskState(), reason(), text(), time());
      case 15 -> new Event.TaskRequeued(job, number(9), time());
      case 16 -> new Event.InstanceRequeued(job, number(9), number(9), time());
      case 17 -> new Event.ThrottleChanged(job, number(9), number(9), time());
      case 19 -> new Event.HoldChanged(job, random.nextLong() >>> 1, random.nextBoolean(), time());
      default -> new Event.TaskSkipped(job, number(9), taskState(), reason(), text(), time());
    };
  }

  private AttemptEnd end() {
    return new AttemptEnd(
        reason(),
        random.nextInt(),
        random.nextBoolean() ? 0 : time(),
        time(),
        new AttemptEnd.Usage(random.nextLong() >>> 1, number(9), number(9)),
        text(),
        text());
  }

  private int number(int below) {
    return random.nextInt(below);
  }

  /// Mostly of our age, sometimes of a clock that is wrong.
  private long time() {
    return random.nextInt(10) == 0 ? random.nextLong() : 1_700_000_000_000_000L + number(1 << 30);
  }

  private UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private Parts parts() {
    return new Parts(cores(), cores());
  }

  private CoreSet cores() {
    var words = new long[number(4)];
    for (var i = 0; i < words.length; i++) {
      words[i] = random.nextLong();
    }
    return CoreSet.ofWords(words);
  }

  private String text() {
    return List.of("", "a", "Zeile\nÄ\u0000\uD83D\uDE00", "x".repeat(300)).get(number(4));
  }

  private JobState jobState() {
    return one(JobState.values());
  }

  private TaskState taskState() {
    return one(TaskState.values());
  }

  private EndReason reason() {
    return one(EndReason.values());
  }

  private <T> T one(T[] of) {
    return of[number(of.length)];
  }
}
