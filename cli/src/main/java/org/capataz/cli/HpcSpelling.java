package org.capataz.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// HPC Pack's spelling of the same commands, put into ours: `/numcores:4` for `--numcores=4`, in
/// any case, `job listtasks` for `task list`, `cluscfg` for `cluster`, and `!!` for the last job
/// that this user made. A command to run, and what follows it, is left as it is.
final class HpcSpelling {

  private static final Pattern OPTION =
      Pattern.compile("/([A-Za-z?][A-Za-z]*)(?::(.*))?", Pattern.DOTALL);
  private static final String LAST_JOB = "!!";

  /// Options that HPC Pack, or CCS, names otherwise. Names that differ by case and hyphens alone
  /// need no entry.
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("?", "help"),
          Map.entry("askednodes", "requestednodes"),
          Map.entry("jobenv", "env"),
          Map.entry("jobfile", "file"),
          Map.entry("jobname", "name"),
          Map.entry("jobtemplate", "template"),
          Map.entry("numprocessors", "numcores"),
          Map.entry("parametric", "sweep"),
          Map.entry("projectname", "project"),
          Map.entry("scheduler", "head"),
          Map.entry("status", "state"),
          Map.entry("taskexecutionfailureretrylimit", "retries"),
          Map.entry("taskname", "name"));

  /// Verbs that HPC Pack has under other nouns.
  private static final Map<List<String>, List<String>> VERBS =
      Map.of(
          List.of("job", "listtasks"), List.of("task", "list"),
          List.of("cluscfg", "view"), List.of("cluster", "view"),
          List.of("cluscfg", "listparams"), List.of("cluster", "params"),
          List.of("cluscfg", "setparams"), List.of("cluster", "params"),
          List.of("cluscfg", "listenvs"), List.of("cluster", "env"),
          List.of("cluscfg", "setenvs"), List.of("cluster", "env"),
          List.of("jobtemplate", "list"), List.of("template", "list"));

  private final World world;

  HpcSpelling(World world) {
    this.world = world;
  }

  /// The same call in our spelling.
  String[] translated(String... arguments) {
    if (arguments.length < 2) {
      return arguments;
    }
    var depth = arguments[0].equals("clusrun") ? 1 : 2;
    var verb = List.of(arguments).subList(0, depth);
    var words = new ArrayList<>(VERBS.getOrDefault(verb, verb));
    var rest = new ArrayDeque<>(Arrays.asList(arguments).subList(depth, arguments.length));
    if (rest.stream().noneMatch(HpcSpelling::isSpecial)) {
      words.addAll(rest);
    } else {
      command(words).ifPresent(command -> translate(command, rest, words));
      words.addAll(rest);
    }
    return words.toArray(String[]::new);
  }

  private static boolean isSpecial(String word) {
    return word.startsWith(LAST_JOB) || OPTION.matcher(word).matches();
  }

  private Optional<CommandSpec> command(List<String> words) {
    var command = CommandTree.forArguments(world, words.toArray(String[]::new));
    for (var word : words) {
      command = command == null ? null : command.getSubcommands().get(word);
    }
    return Optional.ofNullable(command).map(picocli.CommandLine::getCommandSpec);
  }

  /// Moves the words before a command to run from `rest` to `words`, in our spelling.
  private void translate(CommandSpec command, ArrayDeque<String> rest, List<String> words) {
    var options = options(command);
    var ids = idsBeforeWords(command);
    while (!rest.isEmpty() && !rest.peek().equals("--")) {
      var word = rest.peek();
      var option = OPTION.matcher(word);
      var known = option.matches() ? options.get(ours(option.group(1))) : null;
      if (known != null) {
        words.add(option(known, option.group(2) == null ? null : id(option.group(2))));
      } else if (option.matches() && option.group(2) != null) {
        // No such option: left to be found out as one of ours.
        words.add("--" + ours(option.group(1)) + "=" + option.group(2));
      } else if (word.startsWith("-") && word.length() > 1) {
        words.add(rest.remove());
        if (takesNext(options.get(plain(word)), word) && !rest.isEmpty()) {
          words.add(rest.peek());
        } else {
          continue;
        }
      } else if (ids-- > 0) {
        words.add(id(word));
      } else {
        return;
      }
      rest.remove();
    }
  }

  private static Map<String, OptionSpec> options(CommandSpec command) {
    var options = new HashMap<String, OptionSpec>();
    for (var option : command.options()) {
      Arrays.stream(option.names()).forEach(name -> options.put(plain(name), option));
    }
    return options;
  }

  private static String ours(String name) {
    var plain = plain(name);
    return OPTIONS.getOrDefault(plain, plain);
  }

  /// An option's name without what spellings differ in.
  private static String plain(String name) {
    return name.replace("-", "").toLowerCase(Locale.ROOT);
  }

  private static boolean takesNext(@Nullable OptionSpec option, String word) {
    return option != null && option.arity().min() > 0 && !word.contains("=");
  }

  /// An option of ours; where it takes a value, HPC Pack's switch without one means true.
  private static String option(OptionSpec option, @Nullable String value) {
    if (option.arity().max() > 0) {
      return option.longestName() + "=" + (value == null ? "true" : value);
    }
    return value == null || value.equalsIgnoreCase("true")
        ? option.longestName()
        : option.longestName() + "=" + value;
  }

  /// How many arguments go before a command to run; more than there are where none is run.
  private static int idsBeforeWords(CommandSpec command) {
    var arguments = command.positionalParameters();
    return arguments.stream().anyMatch(HpcSpelling::isCommandToRun)
        ? arguments.size() - 1
        : Integer.MAX_VALUE;
  }

  private static boolean isCommandToRun(ArgSpec argument) {
    return argument.preprocessor() instanceof Words;
  }

  private String id(String word) {
    return word.startsWith(LAST_JOB)
        ? new LastJob(world).id() + word.substring(LAST_JOB.length())
        : word;
  }
}
