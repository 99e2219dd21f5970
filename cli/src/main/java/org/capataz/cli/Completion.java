package org.capataz.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.capataz.model.Text;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description =
        "Prints a script that completes commands and options in your shell, and ids of jobs and"
            + " names of nodes and templates, which it asks the head node for.",
    footer = {
      "",
      "Examples:",
      "  capataz completion bash > ~/.local/share/bash-completion/completions/capataz",
      "  source <(capataz completion zsh)"
    })
final class Completion implements Callable<Integer> {

  /// Lets zsh read completions that are written for bash.
  private static final String FOR_ZSH =
      """
      #compdef capataz
      autoload -U +X compinit && compinit
      autoload -U +X bashcompinit && bashcompinit
      """;

  private final World world;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private String shell = "";

  Completion(World world) {
    this.world = world;
  }

  @Override
  public Integer call() {
    var tree = CommandTree.whole(world);
    var script = AutoComplete.bash(CommandTree.NAME, tree) + ofTheCluster(tree);
    switch (shell) {
      case "bash" -> world.streams().out().print(script);
      case "zsh" -> world.streams().out().print(FOR_ZSH + script);
      default ->
          throw Accepted.refused("expected bash or zsh, but got '" + Text.shown(shell) + "'");
    }
    return ExitCode.DONE;
  }

  /// What picocli's script leaves open is completed by what the head node knows.
  private static String ofTheCluster(CommandLine tree) {
    return """

    # Ids of jobs, and names of nodes and templates, are asked of the head node.
    _capataz_known() {
      case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
    %s\
      esac 2> /dev/null
    }
    _capataz() {
      _complete_capataz "$@"
      local word=${COMP_WORDS[COMP_CWORD]}
      if [ "$COMP_CWORD" -ge 3 ] && [ "${#COMPREPLY[@]}" -eq 0 ] && [ "${word#-}" = "$word" ]; then
        COMPREPLY=($(compgen -W "$(_capataz_known)" -- "$word"))
      fi
    }
    complete -o default -F _capataz capataz
    """
        .formatted(cases(tree));
  }

  /// Which list has what a command takes, for all commands that take something of the cluster.
  private static String cases(CommandLine tree) {
    var cases = new StringBuilder();
    tree.getSubcommands()
        .forEach(
            (noun, group) ->
                group
                    .getSubcommands()
                    .forEach(
                        (verb, command) ->
                            list(noun, command.getCommandSpec())
                                .ifPresent(
                                    list ->
                                        cases.append(
                                            "    '%s %s') capataz %s -o id ;;%n"
                                                .formatted(noun, verb, list)))));
    return cases.toString();
  }

  private static Optional<String> list(String noun, CommandSpec command) {
    var label =
        command.positionalParameters().stream()
            .findFirst()
            .map(PositionalParamSpec::paramLabel)
            .orElse("");
    if (label.startsWith("ID") || label.startsWith("JOB")) {
      return Optional.of("job list --all");
    }
    return label.equals("NAME") ? Optional.of(noun + " list") : Optional.empty();
  }
}
