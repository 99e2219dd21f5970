package org.capataz.scheduler.life;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A life cycle as it shows from outside.
///
/// @param states an example of each, in order
/// @param steps an example of each, in order
/// @param after the state after a step
/// @param detail what distinguishes states of the same type; empty if nothing has to
record LifeCycle<L, S>(
    String title,
    List<L> states,
    List<S> steps,
    BiFunction<L, S, L> after,
    Function<L, String> detail) {

  /// The types of states and steps that the examples cover.
  Set<Class<?>> covered() {
    var types = new LinkedHashSet<Class<?>>();
    states.forEach(state -> types.add(((Object) state).getClass()));
    steps.forEach(step -> types.add(((Object) step).getClass()));
    return types;
  }

  /// The state after a step, if the step can follow.
  private Optional<L> outcome(L state, S step) {
    try {
      return Optional.of(after.apply(state, step));
    } catch (IllegalStep illegal) {
      return Optional.empty();
    }
  }

  private String name(L state) {
    var distinction = detail.apply(state);
    return type(state) + (distinction.isEmpty() ? "" : " (" + distinction + ")");
  }

  private static String type(Object example) {
    return example.getClass().getSimpleName();
  }

  /// A state diagram of the types, in Mermaid.
  String diagram() {
    var labels = new LinkedHashMap<String, LinkedHashSet<String>>();
    for (var state : states) {
      for (var step : steps) {
        outcome(state, step)
            .map(next -> "  " + type(state) + " --> " + type(next))
            .ifPresent(
                arrow ->
                    labels
                        .computeIfAbsent(arrow, ignored -> new LinkedHashSet<>())
                        .add(type(step)));
      }
    }
    return labels.entrySet().stream()
        .map(arrow -> arrow.getKey() + ": " + String.join(", ", arrow.getValue()))
        .collect(
            Collectors.joining(
                "\n",
                "```mermaid\nstateDiagram-v2\n  [*] --> " + type(states.getFirst()) + "\n",
                "\n```\n"));
  }

  /// What every step makes of every state, in Markdown.
  String table() {
    var head = steps.stream().map(LifeCycle::type).collect(Collectors.joining(" | "));
    var table = new StringBuilder("| | " + head + " |\n|" + "---|".repeat(steps.size() + 1) + "\n");
    for (var state : states) {
      table.append("| **").append(name(state)).append("** |");
      steps.forEach(
          step ->
              table
                  .append(' ')
                  .append(outcome(state, step).map(this::name).orElse("–"))
                  .append(" |"));
      table.append('\n');
    }
    return table.toString();
  }

  String section() {
    return "## " + title + "\n\n" + diagram() + "\n" + table();
  }
}
