package org.capataz.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.capataz.model.Placeholders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The tree of commands, and what is written about it.
class CommandTreeTest {

  private static final Path DOCUMENTATION = Path.of("../docs/cli.md");
  private static final String GENERATED = "<!-- From here on, written by the program. -->\n";

  private static CommandLine whole() {
    return CommandTree.whole(new TestWorld().world());
  }

  /// All commands without commands of their own, by their words.
  static Stream<List<String>> commands() {
    return whole().getSubcommands().entrySet().stream()
        .flatMap(
            first ->
                first.getValue().getSubcommands().isEmpty()
                    ? Stream.of(List.of(first.getKey()))
                    : first.getValue().getSubcommands().keySet().stream()
                        .map(second -> List.of(first.getKey(), second)));
  }

  private static CommandLine find(CommandLine root, List<String> words) {
    var command = root;
    for (var word : words) {
      command = command.getSubcommands().get(word);
      assertThat(command).as(word).isNotNull();
    }
    return command;
  }

  @Test
  void theCommandsAreThoseThatArePromised() {
    assertThat(commands().map(words -> String.join(" ", words)))
        .containsExactly(
            "run",
            "job submit",
            "job new",
            "job add",
            "job modify",
            "job list",
            "job view",
            "job explain",
            "job wait",
            "job output",
            "job cancel",
            "job finish",
            "job requeue",
            "job clone",
            "job export",
            "job import",
            "job configure",
            "task list",
            "task view",
            "task cancel",
            "task finish",
            "task requeue",
            "task modify",
            "node start",
            "node list",
            "node view",
            "node online",
            "node offline",
            "node lost",
            "head start",
            "head backup",
            "head restore",
            "head check",
            "cluster view",
            "cluster params",
            "cluster env",
            "template list",
            "template view",
            "template import",
            "template export",
            "template delete",
            "share tree",
            "share list",
            "share set",
            "share remove",
            "queue",
            "clusrun",
            "simulate",
            "completion",
            "man",
            "help");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theBranchThatIsBuiltForACallIsThatOfTheWholeTree(List<String> words) {
    var branch = CommandTree.forArguments(new TestWorld().world(), words.toArray(String[]::new));

    assertThat(find(branch, words).getUsageMessage())
        .isEqualTo(find(whole(), words).getUsageMessage());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasExamplesThatItUnderstands(List<String> words) {
    var examples =
        Arrays.stream(find(whole(), words).getCommandSpec().usageMessage().footer())
            .map(String::strip)
            .filter(line -> line.contains("capataz"))
            .toList();

    assertThat(examples).isNotEmpty();
    for (var example : examples) {
      // What a shell does with a call is not the call's.
      var own =
          example
              .substring(example.lastIndexOf("capataz ") + "capataz ".length())
              .replaceAll(" \\| jq .*| && .*| > (~.*|\\S+\\.xml)|\\)$", "")
              .replace("~", "/home/ana")
              .replace("\"$id\"", "12");
      var arguments =
          org.capataz.model.CommandLine.parse("x " + own, Placeholders.STAR)
              .orElseThrow()
              .arguments(List.of("*"));
      assertThatCode(
              () ->
                  whole().parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new)))
          .as(example)
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void theCompletionIsAValidScriptThatKnowsTheCommands(String shell, @TempDir Path folder)
      throws IOException, InterruptedException {
    var world = new TestWorld();
    assertThat(world.run("completion", shell)).isZero();
    var script = Files.writeString(folder.resolve("capataz"), world.out());

    var check =
        new ProcessBuilder("bash", "-n", script.toString()).redirectErrorStream(true).start();

    assertThat(new String(check.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(check.waitFor()).isZero();
    if (shell.equals("bash")) {
      assertThat(completions(script, "capataz", "job", "su")).contains("submit");
      assertThat(completions(script, "capataz", "job", "submit", "--num")).contains("--numcores");
      assertThat(completions(script, "capataz", "job", "list", "-o", "j")).contains("json");
      assertThat(completions(script, "capataz", "head", "start", "--l")).contains("--listen");
      assertThat(completions(script, "capataz", "job", "view", "")).containsExactly("12", "13");
      assertThat(completions(script, "capataz", "job", "cancel", "--force", "12", "13"))
          .containsExactly("13");
      assertThat(completions(script, "capataz", "task", "list", "12")).containsExactly("12");
      assertThat(completions(script, "capataz", "node", "offline", "")).containsExactly("n1");
      assertThat(completions(script, "capataz", "template", "view", "")).containsExactly("Short");
      assertThat(completions(script, "capataz", "job", "submit", "")).containsExactly("");
    }
  }

  private static List<String> completions(Path script, String... words)
      throws IOException, InterruptedException {
    var call =
        "capataz() { case \"$*\" in 'job list --all -o id') printf '12\\n13\\n' ;;"
            + " 'node list -o id') echo n1 ;; 'template list -o id') echo Short ;; esac; };"
            + " source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _capataz;"
            + " printf '%s\\n' \"${COMPREPLY[@]}\"";
    var command = new java.util.ArrayList<>(List.of("bash", "-c", call, script.toString()));
    command.addAll(List.of(words));
    var bash = new ProcessBuilder(command).start();
    var answer = new String(bash.getInputStream().readAllBytes(), UTF_8);
    bash.waitFor();
    return answer.lines().map(String::strip).toList();
  }

  @Test
  void everyCommandHasAManualPageThatNamesItsOptions(@TempDir Path folder) throws IOException {
    var world = new TestWorld();
    assertThat(world.run("man", folder.toString())).isZero();

    for (var words : commands().toList()) {
      var page = Files.readString(folder.resolve("capataz-" + String.join("-", words) + ".1"));
      assertThat(page).startsWith(".TH ").contains(".SH EXAMPLES");
      for (var option : find(whole(), words).getCommandSpec().options()) {
        assertThat(page).contains(option.longestName().replace("-", "\\-"));
      }
    }
    assertThat(folder.resolve("capataz-job.1")).content().contains(".SH COMMANDS");
  }

  @Test
  void theDocumentationSaysWhatTheProgramSays() throws IOException {
    var written = Files.readString(DOCUMENTATION);
    var introduction = written.substring(0, written.indexOf(GENERATED) + GENERATED.length());

    Golden.matches(DOCUMENTATION, introduction + reference());
  }

  private static String reference() {
    var text = new StringBuilder();
    commands()
        .forEach(
            words ->
                text.append("\n## capataz ")
                    .append(String.join(" ", words))
                    .append("\n\n```text\n")
                    .append(find(whole(), words).getUsageMessage().strip())
                    .append("\n```\n"));
    return text.toString();
  }
}
