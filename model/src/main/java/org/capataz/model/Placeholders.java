package org.capataz.model;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What stands in the texts of a sweep's task for the values of an instance: `*`, and `{name}` for
/// each parameter that the sweep names. `${name}` is the shell's and stands for none.
///
/// @param marks the placeholders, in the order of [Sweep#values]; none where nothing is replaced
public record Placeholders(List<String> marks) {

  /// Those of a task that is no sweep.
  public static final Placeholders NONE = new Placeholders(List.of());

  /// Those of a sweep that names no parameters.
  public static final Placeholders STAR = new Placeholders(List.of("*"));

  public Placeholders {
    marks = List.copyOf(marks);
  }

  public static Placeholders of(Sweep sweep) {
    return switch (sweep) {
      case Sweep.Once _, Sweep.Open _ -> NONE;
      case Sweep.Range _, Sweep.Ranges _, Sweep.Values _ -> STAR;
      case SweepProduct product ->
          new Placeholders(
              Stream.concat(Stream.of("*"), product.names().stream().map(name -> "{" + name + "}"))
                  .toList());
    };
  }

  /// Which placeholder begins at a position of a text, or -1.
  int at(String text, int position) {
    var first = text.charAt(position);
    if (first != '*' && (first != '{' || (position > 0 && text.charAt(position - 1) == '$'))) {
      return -1;
    }
    for (var number = 0; number < marks.size(); number++) {
      if (text.startsWith(marks.get(number), position)) {
        return number;
      }
    }
    return -1;
  }

  int length(int number) {
    return marks.get(number).length();
  }

  /// Whether any stands in a text.
  public boolean isIn(String text) {
    return IntStream.range(0, text.length()).anyMatch(position -> at(text, position) >= 0);
  }

  /// A text with an instance's values in their places.
  ///
  /// @param values as many as there are placeholders
  public String filled(String text, List<String> values) {
    if (!isIn(text)) {
      return text;
    }
    var out = new StringBuilder(text.length());
    for (var at = 0; at < text.length(); ) {
      var number = at(text, at);
      if (number < 0) {
        out.append(text.charAt(at++));
      } else {
        out.append(values.get(number));
        at += length(number);
      }
    }
    return out.toString();
  }
}
