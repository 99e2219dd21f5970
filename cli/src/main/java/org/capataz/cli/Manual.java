package org.capataz.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

@Command(
    name = "man",
    description = {
      "Writes the manual pages of all commands into a folder.",
      "",
      "They say what --help says. 'man capataz-job-submit' then shows the page of 'capataz job"
          + " submit'."
    },
    footer = {"", "Examples:", "  capataz man ~/.local/share/man/man1"})
final class Manual implements Callable<Integer> {

  private final World world;

  @Parameters(paramLabel = "FOLDER", description = "The folder; made if there is none.")
  private String folder = "";

  Manual(World world) {
    this.world = world;
  }

  @Override
  public Integer call() {
    var pages = world.directory().resolve(folder);
    try {
      Files.createDirectories(pages);
      write(pages, CommandTree.whole(world));
    } catch (IOException broken) {
      throw new CapatazException(
          Code.FAILED, "expected a folder to write to, but got " + broken.getMessage());
    }
    return ExitCode.DONE;
  }

  private static void write(Path folder, CommandLine command) throws IOException {
    var spec = command.getCommandSpec();
    Files.writeString(folder.resolve(title(spec) + ".1"), page(spec));
    for (var child : command.getSubcommands().values()) {
      write(folder, child);
    }
  }

  private static String title(CommandSpec command) {
    return command.qualifiedName("-");
  }

  /// One page, in the macros of `man(7)`.
  static String page(CommandSpec command) {
    var usage = command.usageMessage();
    var page = new StringBuilder();
    var sentence = usage.description().length == 0 ? "" : usage.description()[0];
    page.append(".TH \"")
        .append(title(command).toUpperCase(Locale.ROOT))
        .append("\" 1\n.SH NAME\n")
        .append(text(title(command) + " - " + sentence))
        .append(".SH SYNOPSIS\n.B ")
        .append(escaped(command.qualifiedName()))
        .append('\n')
        .append(text(synopsis(command)))
        .append(".SH DESCRIPTION\n");
    for (var paragraph : usage.description()) {
      page.append(paragraph.isBlank() ? ".PP\n" : text(paragraph));
    }
    if (!command.subcommands().isEmpty()) {
      page.append(".SH COMMANDS\n");
      command
          .subcommands()
          .forEach(
              (name, child) ->
                  entry(
                      page,
                      name,
                      String.join(" ", child.getCommandSpec().usageMessage().description())));
    }
    page.append(".SH OPTIONS\n");
    command
        .positionalParameters()
        .forEach(argument -> entry(page, argument.paramLabel(), argument));
    command.options().forEach(option -> entry(page, names(option), option));
    var examples = Arrays.asList(usage.footer());
    if (!examples.isEmpty()) {
      page.append(".SH EXAMPLES\n.nf\n");
      examples.stream()
          .filter(line -> line.startsWith(" "))
          .forEach(line -> page.append(text(line.strip())));
      page.append(".fi\n");
    }
    return page.toString();
  }

  private static String synopsis(CommandSpec command) {
    return "[OPTIONS] "
        + (command.subcommands().isEmpty() ? "" : "COMMAND ")
        + command.positionalParameters().stream()
            .map(
                argument ->
                    argument.arity().min() == 0
                        ? "[" + argument.paramLabel() + "]"
                        : argument.paramLabel())
            .collect(Collectors.joining(" "));
  }

  private static String names(OptionSpec option) {
    return String.join(", ", option.names())
        + (option.arity().max() == 0 ? "" : "=" + option.paramLabel());
  }

  private static void entry(StringBuilder page, String name, ArgSpec argument) {
    entry(page, name, String.join(" ", argument.description()));
  }

  private static void entry(StringBuilder page, String name, String description) {
    page.append(".TP\n.B ").append(escaped(name)).append('\n').append(text(description));
  }

  private static String text(String line) {
    return escaped(line) + "\n";
  }

  /// A text in which nothing is a request or an escape of the formatter.
  private static String escaped(String text) {
    var escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
