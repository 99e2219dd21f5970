package org.capataz.cli.output;

import java.util.Map;
import org.capataz.cli.terminal.Streams;

/// The colours of tables, or none.
public enum Colours {
  ON,
  OFF;

  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String BOLD = "1";

  /// Decides by what the caller said (`always`, `never`, else `auto`), then by `NO_COLOR` and
  /// whether a person sees standard output.
  public static Colours of(String wish, Map<String, String> variables, Streams streams) {
    return switch (wish) {
      case "always" -> ON;
      case "never" -> OFF;
      default ->
          variables.getOrDefault("NO_COLOR", "").isEmpty()
                  && !"dumb".equals(variables.get("TERM"))
                  && streams.terminal().showsOutput()
              ? ON
              : OFF;
    };
  }

  String heading(String text) {
    return paint(BOLD, text);
  }

  String state(String text) {
    return switch (text) {
      case "Running", "Finished", "Online", "fits" -> paint(GREEN, text);
      case "Failed", "never", "Unreachable", "unreachable" -> paint(RED, text);
      case "Canceled", "Canceling", "Draining", "Offline", "offline" -> paint(YELLOW, text);
      default -> text;
    };
  }

  private String paint(String colour, String text) {
    return this == OFF || text.isEmpty() ? text : "\u001b[" + colour + "m" + text + "\u001b[0m";
  }
}
