package org.capataz.model;

import java.util.ArrayDeque;
import java.util.List;
import java.util.regex.Pattern;

/// A sweep's command line for the shell, and one instance's value to be put where its `*` stand.
///
/// A number is put into the text. Any other value reaches the shell as an argument, and the text
/// refers to it, in quotes that suit each place: whatever a value looks like, and whatever is
/// misjudged about a place, the shell never reads a value as program text. One use each.
final class ShellTemplate {

  /// Where a character stands.
  private enum Place {
    /// Where the shell looks for words.
    WORDS,
    /// The same, inside of `` ` ``.
    BACKTICKS,
    SINGLE_QUOTES,
    DOUBLE_QUOTES
  }

  private static final Pattern NUMBER = Pattern.compile("-?\\d+");
  private static final String TAKE_VALUE = "capataz_value=$1; shift; ";

  private final String text;
  private final String value;
  private final boolean number;
  private final StringBuilder out = new StringBuilder();
  private final ArrayDeque<Place> places = new ArrayDeque<>(List.of(Place.WORDS));
  private int at;

  ShellTemplate(String text, String value) {
    this.text = text;
    this.value = value;
    this.number = NUMBER.matcher(value).matches();
  }

  /// What to execute for the instance.
  List<String> arguments() {
    while (at < text.length()) {
      var c = text.charAt(at++);
      switch (c) {
        case '*' -> out.append(star());
        case '\\' -> escaped();
        default -> {
          out.append(c);
          move(c);
        }
      }
    }
    return number
        ? List.of("/bin/sh", "-c", out.toString())
        : List.of("/bin/sh", "-c", TAKE_VALUE + out, "/bin/sh", value);
  }

  private String star() {
    return switch (places.getLast()) {
      case SINGLE_QUOTES -> number ? value : "'\"$capataz_value\"'";
      case DOUBLE_QUOTES -> number ? value : "${capataz_value}";
      case WORDS, BACKTICKS -> {
        if (!number) {
          yield "\"$capataz_value\"";
        }
        // A bare number before < or > would name a file descriptor.
        yield at < text.length() && "<>".indexOf(text.charAt(at)) >= 0 ? "'" + value + "'" : value;
      }
    };
  }

  /// Takes what follows a backslash with it; `\*` is a star.
  private void escaped() {
    var single = places.getLast() == Place.SINGLE_QUOTES;
    if (single || at == text.length()) {
      out.append('\\');
      return;
    }
    var next = text.charAt(at++);
    // Between double quotes the shell would leave the backslash of a star.
    out.append(next == '*' && places.getLast() == Place.DOUBLE_QUOTES ? "" : "\\").append(next);
  }

  /// Follows the shell from place to place over a character that was taken.
  private void move(char c) {
    switch (places.getLast()) {
      case SINGLE_QUOTES -> {
        if (c == '\'') {
          places.removeLast();
        }
      }
      case DOUBLE_QUOTES -> {
        switch (c) {
          case '"' -> places.removeLast();
          case '`' -> backtick();
          case '$' -> substitution();
          default -> {}
        }
      }
      case WORDS, BACKTICKS -> {
        switch (c) {
          case '\'' -> places.add(Place.SINGLE_QUOTES);
          case '"' -> places.add(Place.DOUBLE_QUOTES);
          case '`' -> backtick();
          case '(' -> places.add(Place.WORDS);
          case ')' -> closing();
          case '#' -> comment();
          default -> {}
        }
      }
    }
  }

  private void backtick() {
    if (!places.contains(Place.BACKTICKS)) {
      places.add(Place.BACKTICKS);
      return;
    }
    while (places.removeLast() != Place.BACKTICKS) {
      // What was left open inside ends with it.
    }
  }

  private void substitution() {
    if (at < text.length() && text.charAt(at) == '(') {
      out.append(text.charAt(at++));
      places.add(Place.WORDS);
    }
  }

  private void closing() {
    if (places.getLast() == Place.WORDS && places.size() > 1) {
      places.removeLast();
    }
  }

  /// Takes a comment as it is: what looks like a quote in it is none.
  private void comment() {
    if (at == 1 || " \t\n;&|()".indexOf(text.charAt(at - 2)) >= 0) {
      var end = text.indexOf('\n', at);
      out.append(text, at, end < 0 ? text.length() : end);
      at = end < 0 ? text.length() : end;
    }
  }
}
