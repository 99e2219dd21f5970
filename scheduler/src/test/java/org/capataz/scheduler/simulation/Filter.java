package org.capataz.scheduler.simulation;

import java.util.List;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.engine.Command;

/// An activation filter that takes its time, is of many minds and may say a thing twice.
final class Filter {

  private static final List<Activation.Verdict> VERDICTS = List.of(Activation.Verdict.values());

  private final Timeline timeline;
  private final Head head;
  private boolean isKind;

  Filter(Timeline timeline, Head head) {
    this.timeline = timeline;
    this.head = head;
  }

  /// Lets everything start from now on.
  void relent() {
    isKind = true;
  }

  void ask(Activation.Question question) {
    timeline.in(timeline.delay(20_000_000), () -> answer(question));
  }

  private void answer(Activation.Question question) {
    var answer = new Activation.Answer(verdict(), "");
    head.ask(new Command.AnswerActivation(question, answer), done -> {});
    if (timeline.chance(0.1)) {
      ask(question);
    }
  }

  private Activation.Verdict verdict() {
    return isKind || timeline.chance(0.6)
        ? Activation.Verdict.START
        : VERDICTS.get(timeline.pick(0, VERDICTS.size() - 1));
  }
}
