package org.capataz.model;

/// What may stand in the texts that users give us, and how such a text is quoted back at them.
public final class Text {

  private static final int SHOWN = 60;

  private Text() {}

  /// A user's text made fit for a one-line message: cut to size, control characters as `?`.
  public static String shown(String text) {
    var out = new StringBuilder(SHOWN);
    text.codePoints().limit(SHOWN).map(Text::printable).forEach(out::appendCodePoint);
    return out.append(text.codePoints().skip(SHOWN).findAny().isPresent() ? "…" : "").toString();
  }

  /// Control characters could move the cursor, lone surrogates cannot be sent.
  private static int printable(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c;
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
