package org.capataz.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// A sweep's command line for the shell, and one instance's values to be put where its placeholders
/// stand.
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

  private final String text;
  private final Placeholders placeholders;
  private final List<String> values;

  /// The shell's arguments: what to run, its name for itself, and the values that the text refers
  /// to.
  private final List<String> arguments = new ArrayList<>();

  private final Set<Integer> taken = new HashSet<>();
  private final StringBuilder takeValues = new StringBuilder();
  private final StringBuilder out = new StringBuilder();
  private final ArrayDeque<Place> places = new ArrayDeque<>(List.of(Place.WORDS));
  private int at;

  ShellTemplate(String text, Placeholders placeholders, List<String> values) {
    this.text = text;
    this.placeholders = placeholders;
    this.values = values;
  }

  /// What to execute for the instance.
  List<String> arguments() {
    arguments.addAll(List.of("/bin/sh", "-c", "", "/bin/sh"));
    while (at < text.length()) {
      var number = placeholders.at(text, at);
      if (number >= 0) {
        at += placeholders.length(number);
        out.append(value(number));
        continue;
      }
      var c = text.charAt(at++);
      if (c == '\\') {
        escaped();
      } else {
        out.append(c);
        move(c);
      }
    }
    arguments.set(2, takeValues.append(out).toString());
    return List.copyOf(arguments);
  }

  private String value(int number) {
    var value = values.get(number);
    var isNumber = NUMBER.matcher(value).matches();
    var variable = "capataz_value" + (number == 0 ? "" : number);
    var reference = "${" + variable + "}";
    if (!isNumber && taken.add(number)) {
      arguments.add(value);
      takeValues.append(variable).append("=$1; shift; ");
    }
    return switch (places.getLast()) {
      case SINGLE_QUOTES -> isNumber ? value : "'\"" + reference + "\"'";
      case DOUBLE_QUOTES -> isNumber ? value : reference;
      case WORDS, BACKTICKS -> {
        if (!isNumber) {
          yield '"' + reference + '"';
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
    // Between double quotes the shell would leave the backslash of a star.
    var plain = placeholders.at(text, at) >= 0 && places.getLast() == Place.DOUBLE_QUOTES;
    out.append(plain ? "" : "\\").append(text.charAt(at++));
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
