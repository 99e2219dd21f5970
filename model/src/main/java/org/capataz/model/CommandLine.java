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
/// `/bin/sh -c TEXT`. In a sweep every `*`, quoted or not, stands for the instance's value (`\*`
/// for a star). It is put in *after* splitting, or given to the shell as an argument, so that no
/// value can change what is run.
public final class CommandLine {

  private static final String OPERATORS = "|&;<>()$`\n?[]";
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

  /// Where a value goes within a word; no text that users give contains it.
  private static final char PLACE = '\0';

  private final String text;
  private final boolean sweep;
  private final @Nullable List<String> words;

  private CommandLine(String text, boolean sweep, @Nullable List<String> words) {
    this.text = text;
    this.sweep = sweep;
    this.words = words;
  }

  /// Reads a command line.
  ///
  /// @param sweep whether `*` stands for the value of a sweep's instance; if not, it is the shell's
  public static Result<CommandLine> parse(String text, boolean sweep) {
    if (text.isBlank()) {
      return Result.invalid("expected a command line, but it is empty");
    }
    return Text.bounded(text, Limits.COMMAND_LINE).then(t -> new Splitter(t, sweep).split());
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
    return arguments("*");
  }

  /// What to execute for one instance: the program (a path, or a name to be looked up in the task's
  /// PATH) and its arguments.
  ///
  /// @param value what `*` stands for; unused where the command is no sweep's
  public List<String> arguments(String value) {
    if (words == null) {
      return sweep ? new ShellTemplate(text, value).arguments() : List.of("/bin/sh", "-c", text);
    }
    if (!sweep) {
      return words;
    }
    return words.stream().map(word -> word.replace(String.valueOf(PLACE), value)).toList();
  }

  /// The text as it was given.
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CommandLine line && line.text.equals(text) && line.sweep == sweep;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// Splits one text into words, or finds that it takes a shell.
  private static final class Splitter {
    private final String text;
    private final boolean sweep;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private boolean shell;
    private int at;

    Splitter(String text, boolean sweep) {
      this.text = text;
      this.sweep = sweep;
    }

    Result<CommandLine> split() {
      var open = ' ';
      while (at < text.length() && open == ' ') {
        var c = text.charAt(at++);
        switch (c) {
          case ' ', '\t' -> endWord();
          case '\'', '"' -> open = quoted(c);
          case '\\' -> escaped();
          case '*' -> placeOrGlob();
          default -> plain(c);
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
      return Result.ok(new CommandLine(text, sweep, shell ? null : List.copyOf(words)));
    }

    /// Takes all up to the closing quote; answers the quote if there is none, else a blank.
    private char quoted(char quote) {
      inWord = true;
      while (at < text.length()) {
        var c = text.charAt(at++);
        if (c == quote) {
          return ' ';
        }
        if (c == '*' && sweep) {
          word.append(PLACE);
        } else if (quote == '"' && c == '\\' && at < text.length()) {
          var next = text.charAt(at++);
          shell |= next == '\n';
          word.append("\\\"$`".indexOf(next) < 0 && !(sweep && next == '*') ? "\\" : "");
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

    private void placeOrGlob() {
      shell |= !sweep;
      add(sweep ? PLACE : '*');
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
