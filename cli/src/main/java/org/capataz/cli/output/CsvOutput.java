package org.capataz.cli.output;

import java.io.PrintStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Comma-separated values after RFC 4180, with a header and lines that end as Unix's do. What
/// belongs to a thing is left out: a file has one kind of line.
record CsvOutput(PrintStream out) implements Output {

  @Override
  public <T> void list(Noun<T> noun, Stream<T> items) {
    out.print(noun.fields().stream().map(Field::name).collect(Collectors.joining(",", "", "\n")));
    Reading.whileRead(out, items).forEach(item -> line(noun, item));
  }

  @Override
  public <T> void view(Noun<T> noun, T item) {
    list(noun, Stream.of(item));
  }

  @Override
  public <T, U> void view(Noun<T> noun, T item, Part<U> part) {
    view(noun, item);
  }

  private <T> void line(Noun<T> noun, T item) {
    out.print(
        noun.fields().stream()
            .map(field -> cell(field.value().apply(item)))
            .collect(Collectors.joining(",", "", "\n")));
  }

  private static String cell(Value value) {
    return switch (value) {
      case Value.None() -> "";
      case Value.Text(var text) -> quoted(text);
      case Value.Whole(var number) -> Long.toString(number);
      case Value.Real(var number) -> Double.toString(number);
      case Value.Flag(var flag) -> Boolean.toString(flag);
      case Value.Texts(var texts) -> quoted(String.join(" ", texts));
      case Value.Pairs pairs -> quoted(pairs.text());
    };
  }

  private static String quoted(String text) {
    return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
