package org.capataz.cli.output;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Tables and sentences for people.
///
/// @param width columns of the terminal; [Integer#MAX_VALUE] where nothing needs to be cut
record TableOutput(PrintStream out, Colours colours, int width, Instant now) implements Output {

  /// Rows that decide how wide the columns are; later ones may stand out.
  private static final int MEASURED = 1000;

  /// Rows of what belongs to a thing, in a view of it.
  private static final int SHOWN = 50;

  private static final int LEAST_TEXT = 8;
  private static final String GAP = "  ";

  @Override
  public <T> void list(Noun<T> noun, Stream<T> items) {
    var rows = Reading.whileRead(out, items).iterator();
    if (!rows.hasNext()) {
      out.println("No " + noun.plural() + ".");
      return;
    }
    var columns = noun.columns();
    var sample = new ArrayList<List<String>>();
    sample.add(columns.stream().map(Column::heading).toList());
    while (rows.hasNext() && sample.size() <= MEASURED) {
      sample.add(cells(columns, rows.next()));
    }
    var widths = widths(columns, sample);
    row(columns, widths, sample.getFirst(), true);
    sample.stream().skip(1).forEach(cells -> row(columns, widths, cells, false));
    rows.forEachRemaining(item -> row(columns, widths, cells(columns, item), false));
  }

  @Override
  public <T> void view(Noun<T> noun, T item) {
    var details = noun.details();
    var cells = cells(details, item);
    var widest = details.stream().mapToInt(column -> column.heading().length()).max().orElse(0);
    for (var i = 0; i < cells.size(); i++) {
      if (!cells.get(i).isEmpty()) {
        var heading = details.get(i).heading();
        out.println(
            colours.heading(heading + ":")
                + " ".repeat(widest - heading.length() + 1)
                + painted(details.get(i), cells.get(i)));
      }
    }
  }

  @Override
  public <T, U> void view(Noun<T> noun, T item, Part<U> part) {
    view(noun, item);
    var items = part.items().iterator();
    if (items.hasNext()) {
      out.println();
      list(part.noun(), first(items));
      if (items.hasNext()) {
        out.println("… and more: " + part.more());
      }
    }
  }

  private static <T> Stream<T> first(Iterator<T> items) {
    var first = new ArrayList<T>();
    while (items.hasNext() && first.size() < SHOWN) {
      first.add(items.next());
    }
    return first.stream();
  }

  @Override
  public <T> void done(Noun<T> noun, List<T> items, Function<T, String> sentence) {
    items.forEach(item -> out.println(sentence.apply(item)));
  }

  @Override
  public <T> void made(Noun<T> noun, String id, Supplier<T> item, String sentence) {
    out.println(sentence);
  }

  private <T> List<String> cells(List<Column<T>> columns, T item) {
    return columns.stream().map(column -> oneLine(column.text().apply(item, now))).toList();
  }

  /// A text that cannot move the cursor or break the table: names and command lines are other
  /// people's.
  private static String oneLine(String text) {
    if (text.codePoints().noneMatch(Character::isISOControl)) {
      return text;
    }
    var out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == '\n' ? '↵' : c == '\t' ? ' ' : Character.isISOControl(c) ? '?' : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  /// As wide as the widest cell; where a line would be too long, columns of text give way, the
  /// widest first.
  private <T> int[] widths(List<Column<T>> columns, List<List<String>> rows) {
    var widths = new int[columns.size()];
    for (var row : rows) {
      for (var i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(row.get(i)));
      }
    }
    var excess =
        Arrays.stream(widths).asLongStream().sum() + (widths.length - 1L) * GAP.length() - width;
    while (excess > 0) {
      var widest = -1;
      for (var i = 0; i < widths.length; i++) {
        if (columns.get(i).kind() == Column.Kind.TEXT
            && widths[i] > Math.max(LEAST_TEXT, length(columns.get(i).heading()))
            && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      excess--;
    }
    return widths;
  }

  private <T> void row(List<Column<T>> columns, int[] widths, List<String> cells, boolean heading) {
    var line = new StringBuilder();
    for (var i = 0; i < widths.length; i++) {
      var column = columns.get(i);
      var cell = cells.get(i);
      if (column.kind() == Column.Kind.TEXT && length(cell) > widths[i]) {
        cell = cell.substring(0, cell.offsetByCodePoints(0, widths[i] - 1)) + "…";
      }
      var padding = " ".repeat(Math.max(0, widths[i] - length(cell)));
      var shown = heading ? colours.heading(cell) : painted(column, cell);
      line.append(i == 0 ? "" : GAP);
      if (column.kind() == Column.Kind.NUMBER) {
        line.append(padding).append(shown);
      } else {
        line.append(shown).append(i == widths.length - 1 ? "" : padding);
      }
    }
    out.println(line.toString().stripTrailing());
  }

  private String painted(Column<?> column, String cell) {
    return column.kind() == Column.Kind.STATE ? colours.state(cell) : cell;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
