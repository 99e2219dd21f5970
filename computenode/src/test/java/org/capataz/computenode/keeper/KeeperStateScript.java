package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.capataz.computenode.keeper.Action.Note;
import org.capataz.computenode.keeper.Action.Tell;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.Outcome;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.junit.jupiter.api.BeforeEach;

/// What happens to a keeper's state in a test, and what it does for that: time goes on when the
/// test says so, and the spool is a list.
abstract class KeeperStateScript {

  static final AttemptId A = attempt(1);
  static final AttemptId B = attempt(2);
  static final ProcessId PROCESS = new ProcessId(100, 5000);
  static final String BOOT = "boot";

  final List<Message> spool = new ArrayList<>();
  KeeperState state = new KeeperState(BOOT, List.of());
  long millis = 1_000;

  @BeforeEach
  void anAgentListens() {
    assertThat(on(new Request.ListAttempts()))
        .containsExactly(new Tell(new Report.Inventory(BOOT, List.of())));
  }

  static List<Report> told(List<Action> actions) {
    return actions.stream()
        .flatMap(action -> action instanceof Tell(var report) ? Stream.of(report) : null)
        .toList();
  }

  List<Action> start(AttemptId attempt) {
    return start(attempt, new Execution.Limits(0, 10));
  }

  List<Action> start(AttemptId attempt, Execution.Limits limits) {
    return on(
        new Request.Start(
            attempt,
            new Execution(List.of("/bin/true"), Map.of(), "/", Execution.Streams.UNNAMED, limits)));
  }

  AttemptId begin() {
    var start = (Request.Start) state.begin(now());
    assertThat(start).isNotNull();
    spool.add(new Begun(start.attempt(), start.execution().limits(), start.lane()));
    return start.attempt();
  }

  void started(AttemptId attempt) {
    on(new Input.Started(running(attempt)));
  }

  void run(AttemptId attempt) {
    run(attempt, new Execution.Limits(0, 10));
  }

  void run(AttemptId attempt, Execution.Limits limits) {
    start(attempt, limits);
    begin();
    started(attempt);
  }

  void exited(AttemptId attempt) {
    on(new Input.Exited(attempt, outcome(0)));
  }

  List<Action> stop(AttemptId attempt, long grace) {
    return on(new Request.Stop(attempt, EndReason.CANCELED, "", grace));
  }

  List<Action> wokenAfter(long later) {
    millis += later;
    return on(new Input.Woken());
  }

  List<Action> on(Request request) {
    return on(new Input.FromAgent(request));
  }

  List<Action> on(Input input) {
    var actions = state.on(input, now());
    for (var action : actions) {
      if (action instanceof Note(var fact)) {
        spool.add(fact);
      }
    }
    return actions;
  }

  void crash() {
    state = new KeeperState(BOOT, spool);
  }

  Moment now() {
    return new Moment(millis, micros());
  }

  long micros() {
    return millis * 1_000;
  }

  static Ended ended(List<Action> actions) {
    return actions.stream()
        .flatMap(action -> action instanceof Note(Ended ended) ? Stream.of(ended) : Stream.empty())
        .findFirst()
        .orElseThrow();
  }

  static Running running(AttemptId attempt) {
    return new Running(attempt, PROCESS, 1_000_000, false);
  }

  static Outcome outcome(int code) {
    return new Outcome(
        new ExitStatus.Code(code), 1_000_000, 2_000_000, new ResourceUsage(1, 2, 3), "");
  }

  static AttemptId attempt(int instance) {
    return new AttemptId(new UUID(1, 2), 7, new InstanceId(3, 1, instance), 1);
  }
}
