package org.capataz.cli;

import java.util.concurrent.Callable;
import org.capataz.model.Text;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Prints a script that completes commands and options in your shell.",
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
    var script = AutoComplete.bash(CommandTree.NAME, CommandTree.whole(world));
    switch (shell) {
      case "bash" -> world.streams().out().print(script);
      case "zsh" -> world.streams().out().print(FOR_ZSH + script);
      default ->
          throw Accepted.refused("expected bash or zsh, but got '" + Text.shown(shell) + "'");
    }
    return ExitCode.DONE;
  }
}
