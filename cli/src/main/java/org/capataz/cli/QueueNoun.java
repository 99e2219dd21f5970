package org.capataz.cli;

import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.number;
import static org.capataz.cli.output.Column.text;
import static org.capataz.cli.output.Column.time;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.capataz.cli.output.Column;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.Merit;
import org.capataz.client.QueueEntry;

/// What is shown of the queue.
final class QueueNoun {

  private static final List<Field<QueueEntry>> FIELDS =
      List.of(
          new Field<>("place", entry -> Value.of(entry.place())),
          new Field<>("id", entry -> Value.of(entry.job().id())),
          new Field<>("name", entry -> Value.of(entry.job().name())),
          new Field<>("owner", entry -> Value.of(entry.job().owner())),
          new Field<>("project", entry -> Value.ofText(entry.job().project())),
          new Field<>("expandedPriority", entry -> Value.of(entry.job().priority().value())),
          factor("score", Merit::score),
          factor("age", Merit::age),
          factor("fairShare", Merit::fairShare),
          factor("size", Merit::size),
          factor("projectBoost", Merit::project),
          new Field<>("estimatedStartTime", entry -> Value.ofTime(entry.start())),
          new Field<>("reason", entry -> Value.ofText(entry.reason())));

  private QueueNoun() {}

  /// @param byMerit whether there are merits to show
  static Noun<QueueEntry> of(boolean byMerit) {
    var columns = new ArrayList<Column<QueueEntry>>();
    columns.add(number("PLACE", QueueEntry::place));
    columns.add(number("ID", entry -> entry.job().id()));
    columns.add(text("NAME", entry -> entry.job().name()));
    columns.add(key("OWNER", entry -> entry.job().owner()));
    columns.add(text("PROJECT", entry -> entry.job().project()));
    columns.add(key("PRIORITY", entry -> entry.job().priority().toString()));
    if (byMerit) {
      columns.add(number("SCORE", entry -> shown("%.0f", entry, Merit::score)));
      columns.add(number("AGE", entry -> shown("%.3f", entry, Merit::age)));
      columns.add(number("FAIR", entry -> shown("%.3f", entry, Merit::fairShare)));
      columns.add(number("SIZE", entry -> shown("%.3f", entry, Merit::size)));
      columns.add(number("BOOST", entry -> shown("%.3f", entry, Merit::project)));
    }
    columns.add(time("ESTIMATED START", QueueEntry::start));
    columns.add(text("REASON", QueueEntry::reason));
    return new Noun<>(
        "queue", entry -> Integer.toString(entry.job().id()), FIELDS, columns, List.of());
  }

  private static Field<QueueEntry> factor(String name, ToDoubleFunction<Merit> factor) {
    return new Field<>(
        name,
        entry ->
            entry.merit().map(merit -> Value.of(factor.applyAsDouble(merit))).orElse(Value.NONE));
  }

  private static String shown(String format, QueueEntry entry, ToDoubleFunction<Merit> factor) {
    return entry
        .merit()
        .map(merit -> String.format(Locale.ROOT, format, factor.applyAsDouble(merit)))
        .orElse("");
  }
}
