package org.capataz.model;

/// What may stand in the texts that users give us, and how such a text is quoted back at them.
public final class Text {

  private static final int SHOWN = 60;

  private Text() {}

  /// A user's text made fit for a one-line message: cut to size, control characters as `?`.
  public static String shown(String text) {
    var cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    var out = new StringBuilder(cut.length());
    cut.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(out::appendCodePoint);
    return out.toString();
  }

  /// Accepts a text that can be handed to a process: no NUL byte, at most `limit` characters.
  public static Result<String> bounded(String text, int limit) {
    if (text.indexOf('\0') >= 0) {
      return Result.invalid("expected text without NUL characters, but got '" + shown(text) + "'");
    }
    if (text.length() > limit) {
      return Result.invalid("expected at most " + limit + " characters, but got " + text.length());
    }
    return Result.ok(text);
  }

  /// Accepts a name: one line without control characters.
  public static Result<String> name(String text, int limit) {
    if (text.codePoints().anyMatch(Character::isISOControl)) {
      return Result.invalid(
          "expected a name of printable characters, but got '" + shown(text) + "'");
    }
    return bounded(text, limit);
  }
}
