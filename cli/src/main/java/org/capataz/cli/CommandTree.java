package org.capataz.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// All commands. Looking at a command's class takes time that a short call notices, so of the tree
/// only the branch is built that the arguments are about.
final class CommandTree {

  static final String NAME = "capataz";

  /// What makes a command.
  private interface Maker extends Function<World, Object> {}

  private record Group(String description, Map<String, Maker> commands) {}

  private static final Map<String, Group> GROUPS = groups();
  private static final Map<String, Maker> COMMANDS = commands();

  @Command(
      name = NAME,
      versionProvider = Version.class,
      description = "A job scheduler for clusters: one head node, any number of nodes, one queue.",
      footer = {
        "",
        "Examples:",
        "  capataz run study.xml",
        "  capataz run --sweep 1-100 -- ./model '*'",
        "  capataz job submit ./model --steps 100",
        "  capataz job list",
        "",
        "Exit codes: 0 done; 1 the operation or the job failed; 2 usage, or refused; 3 not found;",
        "4 not allowed; 5 head node unreachable; 124 the time to wait was over."
      })
  private static final class Root {}

  private CommandTree() {}

  /// The whole tree.
  static CommandLine whole(World world) {
    var root = root();
    COMMANDS.forEach((name, maker) -> root.addSubcommand(name, command(maker, world)));
    GROUPS.forEach((name, group) -> root.addSubcommand(name, group(name, group, world)));
    return configured(root);
  }

  /// As much of the tree as these arguments need.
  static CommandLine forArguments(World world, String... arguments) {
    var first = arguments.length > 0 ? arguments[0] : "";
    var second = arguments.length > 1 ? arguments[1] : "";
    var root = root();
    if (COMMANDS.containsKey(first) && !first.equals("help")) {
      root.addSubcommand(first, command(COMMANDS.get(first), world));
    } else if (GROUPS.containsKey(first)) {
      var group = GROUPS.get(first);
      var maker = group.commands().get(second);
      var needed = maker == null ? group : new Group(group.description(), Map.of(second, maker));
      root.addSubcommand(first, group(first, needed, world));
    } else {
      return whole(world);
    }
    return configured(root);
  }

  private static CommandLine configured(CommandSpec root) {
    return new CommandLine(root)
        .setExpandAtFiles(false)
        .setInterpolateVariables(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static CommandSpec root() {
    return CommandSpec.forAnnotatedObject(new Root())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .type(boolean.class)
                .versionHelp(true)
                .description("Print the version.")
                .build())
        .addOption(help());
  }

  private static CommandSpec group(String name, Group group, World world) {
    var spec = CommandSpec.create().name(name).addOption(help());
    spec.usageMessage().description(group.description());
    group
        .commands()
        .forEach((command, maker) -> spec.addSubcommand(command, command(maker, world)));
    return spec;
  }

  private static CommandSpec command(Maker maker, World world) {
    var command = CommandSpec.forAnnotatedObject(maker.apply(world));
    command.usageMessage().sortOptions(false).abbreviateSynopsis(true);
    return command.helpCommand() ? command : command.addOption(help());
  }

  /// The option that every command has.
  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .type(boolean.class)
        .usageHelp(true)
        .description("Show this help.")
        .build();
  }

  private static Map<String, Maker> commands() {
    var commands = new LinkedHashMap<String, Maker>();
    commands.put("run", Run::new);
    commands.put("completion", Completion::new);
    commands.put("help", world -> new HelpCommand());
    return commands;
  }

  private static Map<String, Group> groups() {
    var job = new LinkedHashMap<String, Maker>();
    job.put("submit", JobSubmit::new);
    job.put("new", JobNew::new);
    job.put("add", JobAdd::new);
    job.put("list", JobList::new);
    job.put("view", JobView::new);
    job.put("explain", JobExplain::new);
    job.put("wait", JobWait::new);
    job.put("output", JobOutput::new);
    job.put("cancel", JobCancel::new);
    job.put("requeue", JobRequeue::new);
    var task = new LinkedHashMap<String, Maker>();
    task.put("list", TaskList::new);
    task.put("view", TaskView::new);
    var node = new LinkedHashMap<String, Maker>();
    node.put("start", world -> new NodeStart());
    node.put("list", NodeList::new);
    node.put("view", NodeView::new);
    node.put("online", NodeOnline::new);
    node.put("offline", NodeOffline::new);
    var groups = new LinkedHashMap<String, Group>();
    groups.put("job", new Group("Submits jobs, shows them, and decides on them.", job));
    groups.put("task", new Group("Shows the tasks of jobs.", task));
    groups.put("node", new Group("Starts compute nodes, shows them, and decides on them.", node));
    groups.put("head", new Group("Starts the head node.", Map.of("start", w -> new HeadStart())));
    groups.put("cluster", new Group("Shows the cluster.", Map.of("view", ClusterView::new)));
    return groups;
  }
}
