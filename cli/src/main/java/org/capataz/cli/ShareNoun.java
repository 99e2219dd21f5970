package org.capataz.cli;

import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.number;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.ShareTree.Standing;
import org.capataz.model.Share;

/// What is shown of the share tree.
final class ShareNoun {

  private static final double SECONDS_PER_HOUR = 3600;

  static final Noun<Standing> STANDING =
      new Noun<>(
          "shares",
          standing -> id(standing.of()),
          List.of(
              new Field<>("project", standing -> Value.ofText(standing.of().project())),
              new Field<>("user", standing -> Value.ofText(standing.of().user())),
              new Field<>("depth", standing -> Value.of(standing.depth())),
              new Field<>("shares", standing -> Value.of(standing.shares())),
              new Field<>("normShares", standing -> Value.of(standing.normShares())),
              new Field<>("usageCoreSeconds", standing -> Value.of(standing.usage())),
              new Field<>("effectiveUsage", standing -> Value.of(standing.effectiveUsage())),
              new Field<>("levelFairShare", standing -> Value.of(standing.levelFairShare())),
              new Field<>("fairShare", standing -> Value.of(standing.fairShare()))),
          List.of(
              key("PROJECT OR USER", ShareNoun::indented),
              number("SHARES", Standing::shares),
              number("NORM", standing -> part(standing.normShares())),
              number("CORE HOURS", standing -> hours(standing.usage())),
              number("USAGE", standing -> part(standing.effectiveUsage())),
              number("LEVEL", standing -> level(standing.levelFairShare())),
              number(
                  "FAIR SHARE",
                  standing ->
                      standing.fairShare().isPresent()
                          ? part(standing.fairShare().getAsDouble())
                          : "")),
          List.of());

  /// What was decided, and nothing that follows from it.
  static final Noun<Share> SHARE =
      new Noun<>(
          "shares",
          share -> id(share.of()),
          List.of(
              new Field<>("project", share -> Value.ofText(share.of().project())),
              new Field<>("user", share -> Value.ofText(share.of().user())),
              new Field<>("parent", share -> Value.ofText(share.parent())),
              new Field<>("shares", share -> Value.of(share.shares())),
              new Field<>("boost", share -> Value.of(share.boost())),
              new Field<>("maxCores", share -> Value.of(share.quota().cores())),
              new Field<>("maxJobs", share -> Value.of(share.quota().jobs())),
              new Field<>("maxQueued", share -> Value.of(share.quota().queued())),
              new Field<>("maxCoreHours", share -> Value.of(share.quota().coreHours()))),
          List.of(
              key("PROJECT", share -> share.of().project()),
              key("USER", share -> share.of().user()),
              key("PARENT", Share::parent),
              number("SHARES", Share::shares),
              number("BOOST", Share::boost),
              number("MAX CORES", share -> limit(share.quota().cores())),
              number("MAX JOBS", share -> limit(share.quota().jobs())),
              number("MAX QUEUED", share -> limit(share.quota().queued())),
              number("MAX CORE HOURS", share -> limit(share.quota().coreHours()))),
          List.of());

  private ShareNoun() {}

  private static String id(Share.Of of) {
    return of.isProject() ? of.project() : of.project() + "/" + of.user();
  }

  private static String indented(Standing standing) {
    var of = standing.of();
    var name = standing.depth() == 0 ? "(all)" : of.isProject() ? of.project() : of.user();
    return "  ".repeat(standing.depth()) + name;
  }

  private static String limit(OptionalInt most) {
    return most.isPresent() ? Integer.toString(most.getAsInt()) : "";
  }

  private static String part(double part) {
    return String.format(Locale.ROOT, "%.4f", part);
  }

  private static String level(double level) {
    return Double.isInfinite(level) ? "inf" : part(level);
  }

  private static String hours(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds / SECONDS_PER_HOUR);
  }
}
