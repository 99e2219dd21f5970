package org.capataz.cli;

import static org.capataz.cli.output.Column.elapsed;
import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.text;
import static org.capataz.cli.output.Column.time;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.HistoryEntry;
import org.capataz.model.PendingReason;

/// What is shown of a job's past.
final class HistoryNoun {

  /// A time for which one thing kept a job from starting.
  ///
  /// @param until empty if it still does
  record Wait(String reason, Instant from, Optional<Instant> until) {

    String sentence() {
      return Arrays.stream(PendingReason.values())
          .filter(each -> each.toString().equals(reason))
          .findFirst()
          .map(PendingReason::sentence)
          .orElse("");
    }
  }

  static final Noun<HistoryEntry> ENTRY =
      new Noun<>(
          "history",
          HistoryEntry::event,
          List.of(
              new Field<>("time", entry -> Value.of(entry.time())),
              new Field<>("event", entry -> Value.of(entry.event())),
              new Field<>("detail", entry -> Value.ofText(entry.detail())),
              new Field<>("node", entry -> Value.ofText(entry.node()))),
          List.of(
              time("TIME", entry -> Optional.of(entry.time())),
              key("EVENT", HistoryEntry::event),
              key("NODE", HistoryEntry::node),
              text("DETAIL", HistoryEntry::detail)),
          List.of());

  static final Noun<Wait> WAIT =
      new Noun<>(
          "waits",
          Wait::reason,
          List.of(
              new Field<>("reason", wait -> Value.of(wait.reason())),
              new Field<>("explanation", wait -> Value.ofText(wait.sentence())),
              new Field<>("from", wait -> Value.of(wait.from())),
              new Field<>("until", wait -> Value.ofTime(wait.until()))),
          List.of(
              time("FROM", wait -> Optional.of(wait.from())),
              elapsed("FOR", wait -> Optional.of(wait.from()), Wait::until),
              key("REASON", Wait::reason),
              text("WHY", Wait::sentence)),
          List.of());

  private HistoryNoun() {}

  /// What kept a job from starting, one after the other.
  static List<Wait> waits(Stream<HistoryEntry> history) {
    var waits = new ArrayList<Wait>();
    var open = new ArrayList<HistoryEntry>(1);
    history.forEach(
        entry -> {
          var begins = entry.event().equals("Waiting");
          if (begins || List.of("Started", "Stopping", "Ended").contains(entry.event())) {
            open.forEach(
                wait -> waits.add(new Wait(wait.detail(), wait.time(), Optional.of(entry.time()))));
            open.clear();
          }
          if (begins) {
            open.add(entry);
          }
        });
    open.forEach(wait -> waits.add(new Wait(wait.detail(), wait.time(), Optional.empty())));
    return waits;
  }
}
