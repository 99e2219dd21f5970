package org.capataz.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A command as one text, in the quoting of the POSIX shell, and the program arguments that it
/// comes to.
///
/// A text without shell syntax is split into words here and run directly; any other runs as
/// `/bin/sh -c TEXT`. In a sweep every placeholder, quoted or not, stands for a value of the
/// instance (`\*` for a star). It is put in *after* splitting, or given to the shell as an
/// argument, so that no value can change what is run.
public final class CommandLine {

  private static final String OPERATORS = "|&;<>()$`\n?[]*";
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
  private static final Pattern HARMLESS_FIRST = Pattern.compile("[A-Za-z0-9_@%+:,./-]+");

  /// First words that only a shell understands.
  private static final Set<String> SHELL_WORDS =
      Set.of(
          "!",
          ".",
          ":",
          "{",
          "alias",
          "break",
          "case",
          "cd",
          "command",
          "continue",
          "eval",
          "exec",
          "exit",
          "export",
          "for",
          "getopts",
          "hash",
          "if",
          "local",
          "read",
          "readonly",
          "return",
          "set",
          "shift",
          "times",
          "trap",
          "type",
          "ulimit",
          "umask",
          "unalias",
          "unset",
          "until",
          "wait",
          "while");

  /// Where a value goes within a word, before the value's number; no text that users give contains
  /// it.
  private static final char PLACE = '\0';

  private final String text;
  private final Placeholders placeholders;
  private final @Nullable List<String> words;

  private CommandLine(String text, Placeholders placeholders, @Nullable List<String> words) {
    this.text = text;
    this.placeholders = placeholders;
    this.words = words;
  }

  /// Reads a command line.
  ///
  /// @param placeholders what stands for the values of a sweep's instance; if it is no sweep, `*`
  ///   is the shell's
  public static Result<CommandLine> parse(String text, Placeholders placeholders) {
    if (text.isBlank()) {
      return Result.invalid("expected a command line, but it is empty");
    }
    return Text.bounded(text, Limits.COMMAND_LINE).then(t -> new Splitter(t, placeholders).split());
  }

  /// Writes arguments as a command line that [#parse] splits into the same arguments, or, where the
  /// first is a word of the shell such as `cd`, that the shell does.
  public static String quote(List<String> arguments) {
    var out = new StringBuilder();
    for (var argument : arguments) {
      // An unquoted first word with '=' would set a variable.
      var harmless = out.isEmpty() ? HARMLESS_FIRST : HARMLESS;
      out.append(out.isEmpty() ? "" : " ")
          .append(
              harmless.matcher(argument).matches()
                  ? argument
                  : "'" + argument.replace("'", "'\\''") + "'");
    }
    return out.toString();
  }

  /// What to execute for a task that is no sweep.
  public List<String> arguments() {
    return arguments(List.of());
  }

  /// What to execute for one instance: the program (a path, or a name to be looked up in the task's
  /// PATH) and its arguments.
  ///
  /// @param values as many as there are placeholders
  public List<String> arguments(List<String> values) {
    if (words == null) {
      return isSweep()
          ? new ShellTemplate(text, placeholders, values).arguments()
          : List.of("/bin/sh", "-c", text);
    }
    return isSweep() ? words.stream().map(word -> filled(word, values)).toList() : words;
  }

  private boolean isSweep() {
    return !placeholders.marks().isEmpty();
  }

  private static String filled(String word, List<String> values) {
    var at = word.indexOf(PLACE);
    if (at < 0) {
      return word;
    }
    var out = new StringBuilder();
    var taken = 0;
    for (; at >= 0; at = word.indexOf(PLACE, taken)) {
      out.append(word, taken, at).append(values.get(word.charAt(at + 1)));
      taken = at + 2;
    }
    return out.append(word, taken, word.length()).toString();
  }

  /// The text as it was given.
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CommandLine line
        && line.text.equals(text)
        && line.placeholders.equals(placeholders);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// Splits one text into words, or finds that it takes a shell.
  private static final class Splitter {
    private final String text;
    private final Placeholders placeholders;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private boolean shell;
    private int at;

    Splitter(String text, Placeholders placeholders) {
      this.text = text;
      this.placeholders = placeholders;
    }

    Result<CommandLine> split() {
      var open = ' ';
      while (at < text.length() && open == ' ') {
        var c = text.charAt(at++);
        switch (c) {
          case ' ', '\t' -> endWord();
          case '\'', '"' -> open = quoted(c);
          case '\\' -> escaped();
          default -> {
            if (!placeholder()) {
              plain(c);
            }
          }
        }
      }
      endWord();
      if (open != ' ' && !shell) {
        return Result.invalid(
            "expected a closing " + open + " in the command line, but it ends without one");
      }
      if (!shell && !words.isEmpty() && words.getFirst().isEmpty()) {
        return Result.invalid("expected a program to begin the command line, but it is empty");
      }
      shell |= words.isEmpty() || SHELL_WORDS.contains(words.getFirst());
      return Result.ok(new CommandLine(text, placeholders, shell ? null : List.copyOf(words)));
    }

    /// Takes all up to the closing quote; answers the quote if there is none, else a blank.
    private char quoted(char quote) {
      inWord = true;
      while (at < text.length()) {
        var c = text.charAt(at++);
        if (c == quote) {
          return ' ';
        }
        if (placeholder()) {
          continue;
        }
        if (quote == '"' && c == '\\' && at < text.length()) {
          var next = text.charAt(at++);
          shell |= next == '\n';
          var plain = "\\\"$`".indexOf(next) >= 0 || placeholders.at(text, at - 1) >= 0;
          word.append(plain ? "" : "\\");
          word.append(next);
        } else {
          shell |= quote == '"' && (c == '$' || c == '`');
          word.append(c);
        }
      }
      return quote;
    }

    private void escaped() {
      var next = at < text.length() ? text.charAt(at++) : '\\';
      shell |= next == '\n';
      add(next);
    }

    /// Takes the placeholder that begins with the character just read, if one does.
    private boolean placeholder() {
      var number = placeholders.at(text, at - 1);
      if (number < 0) {
        return false;
      }
      add(PLACE);
      add((char) number);
      at += placeholders.length(number) - 1;
      return true;
    }

    private void plain(char c) {
      shell |=
          OPERATORS.indexOf(c) >= 0
              || (!inWord && (c == '~' || c == '#'))
              || (c == '=' && words.isEmpty());
      add(c);
    }

    private void add(char c) {
      inWord = true;
      word.append(c);
    }

    private void endWord() {
      if (inWord) {
        words.add(word.toString());
        word.setLength(0);
        inWord = false;
      }
    }
  }
}
