package org.capataz.cli;

import java.util.ArrayList;
import java.util.List;
import org.capataz.cli.output.Colours;
import org.capataz.cli.output.Format;
import org.capataz.cli.output.Output;
import org.capataz.model.Text;
import picocli.CommandLine.Option;

/// How to write results.
final class OutputOptions {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      description = "table, json, csv or id. Default: table.")
  private String format = "table";

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      completionCandidates = Whens.class,
      description = "Colours: auto, always or never. Default: auto; never where NO_COLOR is set.")
  private String color = "auto";

  /// Completion of format names.
  static final class Formats extends Names {
    private static final long serialVersionUID = 1L;

    Formats() {
      super("table", "json", "csv", "id");
    }
  }

  /// Completion of the moments for colours.
  static final class Whens extends Names {
    private static final long serialVersionUID = 1L;

    Whens() {
      super("auto", "always", "never");
    }
  }

  abstract static class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names(String... names) {
      super(List.of(names));
    }
  }

  Format format() {
    return Format.parse(format)
        .orElseThrow(
            () ->
                Accepted.refused(
                    "expected --output table, json, csv or id, but got '"
                        + Text.shown(format)
                        + "'"));
  }

  Output open(World world) {
    return open(world, format());
  }

  Output open(World world, Format chosen) {
    if (!new Whens().contains(color)) {
      throw Accepted.refused(
          "expected --color auto, always or never, but got '" + Text.shown(color) + "'");
    }
    return chosen.open(
        world.streams(),
        Colours.of(color, world.variables(), world.streams()),
        world.clock().instant());
  }
}
