package org.capataz.model;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Much of this asks the real `/bin/sh` what it makes of a text.
class CommandLineTest {

  /// Values that would do something if a shell ever read them. All texts here are ASCII, because
  /// the JDK encodes arguments of processes as the locale says.
  private static final List<String> NASTY =
      List.of(
          "a b",
          "",
          "'",
          "\"",
          "`id`",
          "$(id)",
          "${HOME}",
          "$HOME",
          "; id",
          "& id",
          "| id",
          "\n id\n",
          "> file",
          "\\",
          "\\\\",
          "a'b\"c",
          "#",
          "~",
          "*",
          "\\*",
          "if",
          "x=y",
          "-n",
          "$1",
          "!",
          ")",
          "'; id; '",
          "\"; id; \"",
          "\t");

  @Test
  void simpleWordsAreRunDirectly() {
    assertThat(arguments("./model --n 5 'a b' \"c d\" e\\ f ''"))
        .containsExactly("./model", "--n", "5", "a b", "c d", "e f", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a | b",
        "a && b",
        "a; b",
        "a > b",
        "a < b",
        "echo $HOME",
        "echo \"$HOME\"",
        "echo `id`",
        "echo \"`id`\"",
        "ls *.txt",
        "ls a?",
        "ls [ab]",
        "ls ~",
        "X=1 ./model",
        "cd /tmp",
        "exit 3",
        "'cd' /tmp",
        "./a # comment",
        "a\nb",
        "a \\\n b",
        "a \"x\\\ny\"",
        "(a)"
      })
  void whatOnlyAShellUnderstandsGoesToTheShellAsItIs(String text) {
    assertThat(arguments(text)).containsExactly("/bin/sh", "-c", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a~b", "a#b", "a=b", "--x=~", "'$HOME'", "\\$HOME", "'*'", "a\\*b"})
  void whatLooksLikeSyntaxButIsNoneNeedsNoShell(String word) {
    assertThat(arguments("./model " + word)).hasSize(2).startsWith("./model");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "'', expected a command line",
        "' ', expected a command line",
        "ls 'a, expected a closing '",
        "ls \"a, expected a closing \"",
      })
  void whatIsNoCommandIsRefused(String text, String message) {
    assertThat(
            refused(
                CommandLine.parse(
                    text.equals("''") ? "" : text.equals("' '") ? " " : text, Placeholders.NONE)))
        .startsWith(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "\"\" x"})
  void aCommandLineWithoutAProgramIsRefused(String text) {
    assertThat(refused(CommandLine.parse(text, Placeholders.NONE))).contains("expected a program");
  }

  @Test
  void nulCharactersAndEndlessTextsAreRefused() {
    assertThat(refused(CommandLine.parse("a\0b", Placeholders.NONE))).contains("NUL");
    assertThat(refused(CommandLine.parse("a".repeat(Limits.COMMAND_LINE + 1), Placeholders.NONE)))
        .startsWith("expected at most 131071 characters");
  }

  @Test
  void quotedArgumentsAreParsedAsTheSame() {
    Seeds.forEach(
        1000,
        random -> {
          var arguments = randomArguments(random);
          assertThat(arguments(CommandLine.quote(arguments))).isEqualTo(arguments);
        });
  }

  @Test
  void quotedArgumentsAreTheSameToTheShell() {
    Seeds.forEach(
        200,
        random -> {
          var arguments = randomArguments(random);
          assertThat(printedByShell(CommandLine.quote(arguments))).isEqualTo(arguments);
        });
  }

  @Test
  void wordsAreSplitAsTheShellDoes() {
    Seeds.forEach(
        200,
        random -> {
          var text = randomText(random);
          assertThat(printedByShell(text)).as(text).isEqualTo(split(text));
        });
  }

  // Sweeps.

  @Test
  void everyStarOfASweepIsTheValueUnlessEscaped() {
    var line = sweep("./model * 'a*' \"*b\" c\\*d \"e\\*f\" --n=*");

    assertThat(line.arguments(List.of("7")))
        .containsExactly("./model", "7", "a7", "7b", "c*d", "e*f", "--n=7");
  }

  @Test
  void outsideOfSweepsAStarIsTheShells() {
    assertThat(arguments("ls *")).containsExactly("/bin/sh", "-c", "ls *");
  }

  @Test
  void numbersStandInTheTextForTheShell() {
    assertThat(sweep("echo $((* * 2)) '*' \"*\" > out-*.txt").arguments(List.of("7")))
        .containsExactly("/bin/sh", "-c", "echo $((7 7 2)) '7' \"7\" > out-7.txt", "/bin/sh");
  }

  @Test
  void aNumberIsNoFileDescriptor() {
    assertThat(shell("printf '%s' *>&1", "2")).isEqualTo("2");
  }

  @Test
  void otherValuesReachTheShellAsAnArgument() {
    assertThat(sweep("echo * | cat").arguments(List.of("a; id")))
        .containsExactly(
            "/bin/sh",
            "-c",
            "capataz_value=$1; shift; echo \"${capataz_value}\" | cat",
            "/bin/sh",
            "a; id");
  }

  @Test
  void aParameterIsTheValueOfItsNameAloneUnlessEscaped() {
    var line = named("./model * {dt} 'x={dt}' \"{site}\" \\{dt} \"\\{dt}\" {other} {dt");

    assertThat(line.arguments(List.of("3", "0.1", "{dt} *")))
        .containsExactly(
            "./model", "3", "0.1", "x=0.1", "{dt} *", "{dt}", "{dt}", "{other}", "{dt");
  }

  @Test
  void parametersReachTheShellAsArgumentsAndItsOwnVariablesAreLeftAlone() {
    var arguments =
        named("site=x; echo {site} '{dt}' ${site} * {site} > out")
            .arguments(List.of("3", "0.1", "$(id)"));

    assertThat(arguments)
        .containsExactly(
            "/bin/sh",
            "-c",
            "capataz_value2=$1; shift; capataz_value1=$1; shift; site=x; echo"
                + " \"${capataz_value2}\" ''\"${capataz_value1}\"'' ${site} 3"
                + " \"${capataz_value2}\" > out",
            "/bin/sh",
            "$(id)",
            "0.1");
    assertThat(
            printed(named("printf '%s\\0' {site} '{dt}' *; :").arguments(List.of("3", "a b", "c"))))
        .containsExactly("c", "a b", "3");
  }

  private static CommandLine named(String text) {
    return CommandLine.parse(text, new Placeholders(List.of("*", "{dt}", "{site}"))).orElseThrow();
  }

  @Test
  void noValueChangesTheOtherWords() {
    Seeds.forEach(
        300, random -> theOtherWordsAreTheSame(randomSweptWords(random), randomValue(random)));
  }

  private static void theOtherWordsAreTheSame(String words, String value) {
    var line = sweep("p " + words);
    var shape = line.arguments(List.of("1")).size();

    assertThat(line.arguments(List.of(value))).hasSize(shape);
    for (var i = 0; i < shape; i++) {
      assertThat(line.arguments(List.of(value)).get(i))
          .isEqualTo(line.arguments(List.of("\1")).get(i).replace("\1", value));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "printf '[%s]' * ; :",
        "printf '[%s]' \"*\" ; :",
        "printf '[%s]' '*' ; :",
        "printf '[%s]' \"$(printf %s *)\"",
        "printf '[%s]' \"$(printf %s \"*\")\"",
        "printf '[%s]' \"$(printf %s '*')\"",
        "printf '[%s]' \"$(printf %s \"$(printf %s *)\")\"",
        "printf '[%s]' \"`printf %s *`\"",
        "printf '[%s]' \"`printf %s \"*\"`\"",
        "printf '[%s]' \"$( (printf %s *) )\"",
        "x=*; printf '[%s]' \"$x\"",
        "printf '[%s]' \"${nothing:-*}\"",
        "printf '[%s]' ${nothing:-*}",
        "f() { printf '[%s]' *; }; f other",
        "set -- other; printf '[%s]' *",
        "printf '[' # it's\nprintf '%s]' *",
        ": $#; printf '[%s]' *",
        "(printf '[%s]' *)",
        "{ printf '[%s]' *; }",
        "case * in *) printf '[%s]' * ;; esac",
        "for x in *; do printf '[%s]' \"$x\"; done",
        "if :; then printf '[%s]' *; fi",
        ": 'a''b'\"c\"; printf '[%s]' *"
      })
  void inEveryPlaceOfAShellTextAValueIsOneWordAsItIs(String text) {
    for (var value : NASTY) {
      // A command substitution takes line ends off, and so does not keep this one.
      if (!(value.endsWith("\n") && (text.contains("$(") || text.contains("`")))
          && !(value.isEmpty() && text.contains("${nothing:-*}"))) {
        assertThat(shell(text, value)).as(text).isEqualTo("[" + value + "]");
      }
    }
  }

  @Test
  void wordsForTheShellKeepTheirShapeWhateverTheValue() {
    Seeds.forEach(
        300,
        random -> {
          var words = randomSweptWords(random);
          var value = randomValue(random);
          var direct = sweep("p " + words).arguments(List.of(value));

          assertThat(printed(sweep("printf '%s\\0' " + words + "; :").arguments(List.of(value))))
              .isEqualTo(direct.subList(1, direct.size()));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo \"$(echo *",
        "echo `echo *",
        "echo 'a * ; :",
        "cat <<E\n*\nE\n",
        "echo ${x:-'*}",
        ")*",
        "# '*"
      })
  void evenInATextThatIsMisreadAValueIsNoProgram(String text) {
    for (var value : NASTY) {
      if (CommandLine.parse(text, Placeholders.STAR) instanceof Result.Ok<CommandLine>(var line)) {
        var script = line.arguments(List.of(value)).get(2);
        assertThat(script).isEqualTo(line.arguments(List.of("another value")).get(2));
      }
    }
  }

  private static List<String> randomArguments(RandomGenerator random) {
    var arguments = new ArrayList<String>();
    arguments.add("./" + words(random, "=", " ", "a", "'", "b=c", "/x").findFirst().orElseThrow());
    for (var count = random.nextInt(6); count > 0; count--) {
      arguments.add(
          fragments(
              random, "'", "\"", "\\", " ", "\n", "\t", "$", "`", "*", "?", "~", "#", "=", "a",
              ";"));
    }
    return arguments;
  }

  /// A text that is split here, without the shell.
  private static String randomText(RandomGenerator random) {
    return words(
            random, "'", "\"", "\\", "\\\"", "\\'", "\\\\", " ", "\t", "a", "b c", "'d e'",
            "\"f g\"", "~", "#", "=", "{x,y}", "!", "^", "%", "\\*", "\\$", "\"\\a\"")
        .filter(text -> !split(text).isEmpty())
        .findFirst()
        .orElseThrow();
  }

  /// The words of a text; none if it is refused or takes a shell.
  private static List<String> split(String text) {
    return CommandLine.parse("p " + text, Placeholders.NONE)
                instanceof Result.Ok<CommandLine>(var line)
            && line.arguments().getFirst().equals("p")
        ? line.arguments().subList(1, line.arguments().size())
        : List.of();
  }

  private static String randomSweptWords(RandomGenerator random) {
    return words(
            random, "*", "'*'", "\"*\"", "a", "'b c'", "\"d e\"", "\\*", "'f*g'", "\"h*i\"", "\\ ",
            "=")
        .limit(1 + random.nextInt(4))
        .collect(joining(" "));
  }

  private static String randomValue(RandomGenerator random) {
    return switch (random.nextInt(3)) {
      case 0 -> NASTY.get(random.nextInt(NASTY.size()));
      case 1 -> Integer.toString(random.nextInt() >> random.nextInt(32));
      default -> fragments(random, "'", "\"", "\\", "$", "`", " ", "\n", ";", "a", "$(", ")", "*");
    };
  }

  /// Texts, without end, that are not empty.
  private static Stream<String> words(RandomGenerator random, String... fragments) {
    return Stream.generate(() -> fragments(random, fragments)).filter(word -> !word.isEmpty());
  }

  private static String fragments(RandomGenerator random, String... fragments) {
    return random
        .ints(random.nextInt(9), 0, fragments.length)
        .mapToObj(i -> fragments[i])
        .collect(joining());
  }

  private static List<String> arguments(String text) {
    return CommandLine.parse(text, Placeholders.NONE).orElseThrow().arguments();
  }

  private static CommandLine sweep(String text) {
    return CommandLine.parse(text, Placeholders.STAR).orElseThrow();
  }

  /// What an instance of a sweep prints; its command must be one for the shell.
  private static String shell(String text, String value) {
    var arguments = sweep(text).arguments(List.of(value));
    assertThat(arguments).startsWith("/bin/sh", "-c");
    return output(arguments);
  }

  private static List<String> printedByShell(String words) {
    return printed(List.of("/bin/sh", "-c", "printf '%s\\0' " + words));
  }

  /// Words that were printed with a NUL after each.
  private static List<String> printed(List<String> arguments) {
    var words = List.of(output(arguments).split("\0", -1));
    return words.subList(0, words.size() - 1);
  }

  private static String output(List<String> arguments) {
    try {
      var process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static String refused(Result<?> result) {
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused<?>) result).refusal().message();
  }
}
