package org.capataz.cli;

import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.number;
import static org.capataz.cli.output.Column.state;
import static org.capataz.cli.output.Column.text;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.Explanation;
import org.capataz.client.Explanation.NodeFit;
import org.capataz.client.Merit;

/// What is shown of the reason why a job is not running.
final class ExplanationNoun {

  static final Noun<Explanation> EXPLANATION =
      new Noun<>(
          "explanations",
          explanation -> Integer.toString(explanation.job().id()),
          List.of(
              new Field<>("id", explanation -> Value.of(explanation.job().id())),
              new Field<>("name", explanation -> Value.of(explanation.job().name())),
              new Field<>("state", explanation -> Value.of(explanation.job().state().toString())),
              new Field<>("reason", explanation -> Value.of(explanation.reason())),
              new Field<>("explanation", explanation -> Value.of(explanation.sentence())),
              new Field<>("jobsAhead", explanation -> Value.of(explanation.jobsAhead())),
              new Field<>(
                  "place",
                  explanation ->
                      explanation.place() == 0 ? Value.NONE : Value.of(explanation.place())),
              factor("score", Merit::score),
              factor("age", Merit::age),
              factor("fairShare", Merit::fairShare),
              factor("size", Merit::size),
              factor("projectBoost", Merit::project)),
          List.of(),
          List.of(
              key("Job", explanation -> JobNoun.sentence(explanation.job())),
              key("Why", Explanation::sentence),
              key("Reason", Explanation::reason),
              number("Jobs ahead", Explanation::jobsAhead),
              key("Score", ExplanationNoun::score)));

  static final Noun<NodeFit> FIT =
      new Noun<>(
          "nodes",
          NodeFit::node,
          List.of(
              new Field<>("name", fit -> Value.of(fit.node())),
              new Field<>("fit", fit -> Value.of(fit.fit())),
              new Field<>("detail", fit -> Value.ofText(fit.detail()))),
          List.of(
              key("NODE", NodeFit::node),
              state("FIT", NodeFit::fit),
              text("DETAIL", NodeFit::detail)),
          List.of());

  private ExplanationNoun() {}

  private static Field<Explanation> factor(String name, ToDoubleFunction<Merit> factor) {
    return new Field<>(
        name,
        explanation ->
            explanation
                .merit()
                .map(merit -> Value.of(factor.applyAsDouble(merit)))
                .orElse(Value.NONE));
  }

  private static String score(Explanation explanation) {
    return explanation
        .merit()
        .map(
            merit ->
                String.format(
                    Locale.ROOT,
                    "%.1f, of age %.3f, fair share %.3f, size %.3f and boost %.3f",
                    merit.score(),
                    merit.age(),
                    merit.fairShare(),
                    merit.size(),
                    merit.project()))
        .orElse("");
  }
}
