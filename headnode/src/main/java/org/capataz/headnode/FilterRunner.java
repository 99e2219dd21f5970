package org.capataz.headnode;

import java.util.concurrent.Executor;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.engine.Command;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the activation filter answer what the engine wants to know, beside the engine's thread.
final class FilterRunner implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(FilterRunner.class);

  private final EngineLoop loop;
  private final Filter filter;
  private final Executor threads;

  /// Says whether a job may start, whenever it knows.
  @FunctionalInterface
  interface Filter {
    Activation.Answer ask(
        ClusterSettings settings, Activation.Question question, String owner, JobDraft draft)
        throws InterruptedException;
  }

  /// @param threads has one for each question
  FilterRunner(EngineLoop loop, Filter filter, Executor threads) {
    this.loop = loop;
    this.filter = filter;
    this.threads = threads;
  }

  @Override
  public void run() {
    try {
      while (true) {
        var question = loop.nextQuestion();
        threads.execute(() -> ask(question));
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /// Passes a question on, and its answer back.
  void ask(Activation.Question question) {
    try {
      var _ = loop.ask(new Command.AnswerActivation(question, answer(question)));
    } catch (InterruptedException end) {
      // Whoever is the head node next asks anew.
      Thread.currentThread().interrupt();
    }
  }

  private Activation.Answer answer(Activation.Question question) throws InterruptedException {
    try {
      var job = loop.board().job(question.job());
      var owner = job == null ? "" : job.owner();
      return filter.ask(loop.settings(), question, owner, loop.store().draft(question.job()));
    } catch (RuntimeException broken) {
      LOG.warn("cannot ask the activation filter about job {}", question.job(), broken);
      return new Activation.Answer(
          Activation.Verdict.LATER, "it cannot be asked: " + broken.getMessage());
    }
  }
}
