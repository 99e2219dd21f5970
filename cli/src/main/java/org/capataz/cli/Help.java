package org.capataz.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

@Command(
    name = "help",
    description = "Shows what a command does and takes, as its option --help does.",
    footer = {"", "Examples:", "  capataz help", "  capataz help job submit"})
final class Help implements Callable<Integer> {

  private final World world;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command, word by word.")
  private List<String> words = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  Help(World world) {
    this.world = world;
  }

  @Override
  public Integer call() {
    var command = CommandTree.whole(world);
    command.setColorScheme(spec.commandLine().getColorScheme());
    for (var word : words) {
      var next = command.getSubcommands().get(word);
      if (next == null) {
        throw new UnmatchedArgumentException(command, List.of(word));
      }
      command = next;
    }
    command.usage(world.streams().out());
    return ExitCode.DONE;
  }
}
