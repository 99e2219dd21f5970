package org.capataz.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.capataz.model.Text;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What to say of a command line that is wrong.
final class Mistakes {

  private Mistakes() {}

  /// One line: what was expected, what came, and where to read on.
  static String message(ParameterException mistake) {
    var command = mistake.getCommandLine().getCommandSpec();
    var what = what(mistake, command);
    return what.endsWith("?") ? what : what + "; see '" + command.qualifiedName() + " --help'";
  }

  private static String what(ParameterException mistake, CommandSpec command) {
    return switch (mistake) {
      case MissingParameterException missing -> missing(missing);
      case UnmatchedArgumentException unmatched -> unmatched(unmatched, command);
      case OverwrittenOptionException twice when twice.getOverwritten() instanceof OptionSpec o ->
          "expected " + o.longestName() + " once, but it was given again";
      default ->
          command.subcommands().isEmpty()
              ? "expected a valid command line, but " + oneLine(mistake)
              : "expected a command after '"
                  + command.qualifiedName()
                  + "' ("
                  + String.join(", ", command.subcommands().keySet())
                  + "), but there is none";
    };
  }

  private static String oneLine(ParameterException mistake) {
    var message = mistake.getMessage() == null ? mistake.toString() : mistake.getMessage();
    return message.lines().findFirst().orElse(message);
  }

  private static String missing(MissingParameterException missing) {
    var names = missing.getMissing().stream().map(Mistakes::name).collect(Collectors.joining(" "));
    return "expected "
        + (names.isEmpty() ? "a value" : names)
        + ", but "
        + (missing.getMissing().stream().anyMatch(ArgSpec::isOption)
            ? "the value is missing"
            : "it is missing");
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? option.longestName() + " " + option.paramLabel()
        : argument.paramLabel();
  }

  private static String unmatched(UnmatchedArgumentException unmatched, CommandSpec command) {
    var came = unmatched.getUnmatched().getFirst();
    var isOption = unmatched.isUnknownOption();
    var known = isOption ? options(command) : command.subcommands().keySet();
    var expected =
        isOption
            ? "an option of '" + command.qualifiedName() + "'"
            : known.isEmpty()
                ? "no more arguments of '" + command.qualifiedName() + "'"
                : "a command of '" + command.qualifiedName() + "'";
    return "expected "
        + expected
        + ", but got '"
        + Text.shown(came)
        + "'"
        + suggestion(came.contains("=") ? came.substring(0, came.indexOf('=')) : came, known);
  }

  private static List<String> options(CommandSpec command) {
    var names = new ArrayList<String>();
    command.options().forEach(option -> names.addAll(List.of(option.names())));
    return names;
  }

  /// `; did you mean 'submit'?`, where something known is near.
  private static String suggestion(String came, Collection<String> known) {
    var word = came.toLowerCase(Locale.ROOT);
    var near = Math.max(1, came.replace("-", "").length() / 3);
    return known.stream()
        .filter(name -> distance(word, name, near) <= near)
        .min(Comparator.comparingInt(name -> distance(word, name, near)))
        .map(name -> "; did you mean '" + name + "'?")
        .orElse("");
  }

  /// How many letters to change, insert, drop or swap with the next to make one word of the other;
  /// more than `enough` is not counted to the end.
  private static int distance(String from, String to, int enough) {
    if (Math.abs(from.length() - to.length()) > enough) {
      return enough + 1;
    }
    var twoAbove = new int[to.length() + 1];
    var above = new int[to.length() + 1];
    for (var j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (var i = 1; i <= from.length(); i++) {
      var row = new int[to.length() + 1];
      row[0] = i;
      for (var j = 1; j <= to.length(); j++) {
        var replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], twoAbove[j - 2] + 1);
        }
      }
      twoAbove = above;
      above = row;
    }
    return above[to.length()];
  }
}
