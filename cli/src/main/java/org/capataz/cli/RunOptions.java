package org.capataz.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.CommandLine;
import org.capataz.model.Megabytes;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What may be said of each run of a task, be the task new or not.
final class RunOptions {

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description =
          "Memory that one run needs on a node, in megabytes, or as 512M or 4G: it is reserved, and"
              + " a limit where the cluster's MemoryEnforcement says so.")
  private @Nullable String memory;

  @Option(
      names = "--requirednodes",
      paramLabel = "NODE,...",
      description = "Nodes that each run must have, all of them.")
  private @Nullable String requiredNodes;

  @Option(
      names = "--workdir",
      paramLabel = "DIR",
      description = "Directory to run in. Default: the one you are in.")
  private @Nullable String workdir;

  @Option(names = "--stdin", paramLabel = "FILE", description = "File for standard input.")
  private @Nullable String stdin;

  @Option(
      names = "--stdout",
      paramLabel = "FILE",
      description = "File for standard output. Default: kept, see 'capataz job output'.")
  private @Nullable String stdout;

  @Option(
      names = "--stderr",
      paramLabel = "FILE",
      description = "File for standard error. Default: kept, see 'capataz job output'.")
  private @Nullable String stderr;

  @Mixin private TaskRuleOptions rules = new TaskRuleOptions();

  /// The option that was given; null for none.
  @Nullable String firstGiven() {
    return memory != null
        ? "--memory"
        : requiredNodes != null
            ? "--requirednodes"
            : workdir != null
                ? "--workdir"
                : stdin != null
                    ? "--stdin"
                    : stdout != null
                        ? "--stdout"
                        : stderr != null ? "--stderr" : rules.firstGiven();
  }

  /// What was given.
  Map<TaskProperty, String> properties(World world) {
    var properties = new EnumMap<TaskProperty, String>(TaskProperty.class);
    Catalogue.put(properties, TaskProperty.REQUIRED_NODES, requiredNodes);
    Catalogue.put(properties, TaskProperty.STD_IN_FILE_PATH, stdin);
    Catalogue.put(properties, TaskProperty.STD_OUT_FILE_PATH, stdout);
    Catalogue.put(properties, TaskProperty.STD_ERR_FILE_PATH, stderr);
    if (workdir != null) {
      properties.put(TaskProperty.WORK_DIRECTORY, Inputs.absolute(workdir, world.directory()));
    }
    if (memory != null) {
      var megabytes = Accepted.value(Megabytes.parse(memory).in("--memory"));
      properties.put(TaskProperty.MEMORY, Integer.toString(megabytes));
    }
    rules.into(properties);
    return properties;
  }

  /// One word with white space in it is a command line, in the shell's quoting; several words are
  /// the arguments as they are.
  static String commandLine(List<String> command) {
    var first = command.getFirst();
    return command.size() == 1 && first.chars().anyMatch(Character::isWhitespace)
        ? first
        : CommandLine.quote(command);
  }
}
