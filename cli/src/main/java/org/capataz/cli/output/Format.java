package org.capataz.cli.output;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.capataz.cli.terminal.Streams;

/// The ways to write results, by the names that `--output` takes.
public enum Format {
  TABLE,
  JSON,
  CSV,
  ID;

  public static Optional<Format> parse(String name) {
    return Arrays.stream(values()).filter(format -> format.toString().equals(name)).findFirst();
  }

  /// The writer of this format onto standard output.
  ///
  /// @param now from which tables count times
  public Output open(Streams streams, Colours colours, Instant now) {
    return switch (this) {
      case TABLE ->
          new TableOutput(
              streams.out(),
              colours,
              streams.terminal().showsOutput() ? streams.terminal().width() : Integer.MAX_VALUE,
              now);
      case JSON -> new JsonOutput(streams.out());
      case CSV -> new CsvOutput(streams.out());
      case ID -> new IdOutput(streams.out());
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
