package org.capataz.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// All commands. Looking at a command's class takes time that a short call notices, so of the tree
/// only the branch is built that the arguments are about.
final class CommandTree {

  static final String NAME = "capataz";

  /// A word after `capataz`.
  private sealed interface Branch {}

  /// A command of its own.
  private record Leaf(Function<World, Object> maker) implements Branch {}

  /// A noun, with the verbs that it takes.
  private record Group(String description, Map<String, Leaf> verbs) implements Branch {}

  private static final Map<String, Branch> BRANCHES = branches();

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
        "Exit codes:",
        "    0  done",
        "    1  the operation or the job failed",
        "    2  usage, or refused",
        "    3  not found",
        "    4  not allowed",
        "    5  head node unreachable",
        "  124  the time to wait was over"
      })
  private static final class Root {}

  private CommandTree() {}

  /// The whole tree.
  static CommandLine whole(World world) {
    var root = root();
    BRANCHES.forEach((name, branch) -> root.addSubcommand(name, spec(name, branch, world)));
    return configured(root);
  }

  /// As much of the tree as these arguments need.
  static CommandLine forArguments(World world, String... arguments) {
    var first = arguments.length > 0 ? arguments[0] : "";
    var second = arguments.length > 1 ? arguments[1] : "";
    var branch = BRANCHES.get(first);
    if (branch == null) {
      return whole(world);
    }
    var root = root();
    root.addSubcommand(first, spec(first, pruned(branch, second), world));
    return configured(root);
  }

  private static Branch pruned(Branch branch, String verb) {
    return switch (branch) {
      case Leaf leaf -> leaf;
      case Group(var description, var verbs) -> {
        var needed = verbs.get(verb);
        yield needed == null ? branch : new Group(description, Map.of(verb, needed));
      }
    };
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

  private static CommandSpec spec(String name, Branch branch, World world) {
    return switch (branch) {
      case Leaf(var maker) -> {
        var command = CommandSpec.forAnnotatedObject(maker.apply(world));
        command.usageMessage().sortOptions(false).abbreviateSynopsis(true);
        yield command.addOption(help());
      }
      case Group(var description, var verbs) -> {
        var group = CommandSpec.create().name(name).addOption(help());
        group.usageMessage().description(description);
        verbs.forEach((verb, leaf) -> group.addSubcommand(verb, spec(verb, leaf, world)));
        yield group;
      }
    };
  }

  /// The option that every command has.
  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .type(boolean.class)
        .usageHelp(true)
        .description("Show this help.")
        .build();
  }

  private static Map<String, Branch> branches() {
    var job = new LinkedHashMap<String, Leaf>();
    job.put("submit", new Leaf(JobSubmit::new));
    job.put("new", new Leaf(JobNew::new));
    job.put("add", new Leaf(JobAdd::new));
    job.put("modify", new Leaf(JobModify::new));
    job.put("list", new Leaf(JobList::new));
    job.put("view", new Leaf(JobView::new));
    job.put("explain", new Leaf(JobExplain::new));
    job.put("wait", new Leaf(JobWait::new));
    job.put("output", new Leaf(JobOutput::new));
    job.put("cancel", new Leaf(JobCancel::new));
    job.put("finish", new Leaf(JobFinish::new));
    job.put("requeue", new Leaf(JobRequeue::new));
    job.put("clone", new Leaf(JobClone::new));
    job.put("export", new Leaf(JobExport::new));
    job.put("import", new Leaf(JobImport::new));
    job.put("configure", new Leaf(JobConfigure::new));
    var task = new LinkedHashMap<String, Leaf>();
    task.put("list", new Leaf(TaskList::new));
    task.put("view", new Leaf(TaskView::new));
    task.put("cancel", new Leaf(TaskCancel::new));
    task.put("finish", new Leaf(TaskFinish::new));
    task.put("requeue", new Leaf(TaskRequeue::new));
    task.put("modify", new Leaf(TaskModify::new));
    var node = new LinkedHashMap<String, Leaf>();
    node.put("start", new Leaf(world -> new NodeStart()));
    node.put("list", new Leaf(NodeList::new));
    node.put("view", new Leaf(NodeView::new));
    node.put("online", new Leaf(NodeOnline::new));
    node.put("offline", new Leaf(NodeOffline::new));
    node.put("lost", new Leaf(NodeLost::new));
    var head = new LinkedHashMap<String, Leaf>();
    head.put("start", new Leaf(world -> new HeadStart()));
    head.put("backup", new Leaf(HeadBackup::new));
    head.put("restore", new Leaf(world -> new HeadRestore()));
    head.put("check", new Leaf(world -> new HeadCheck()));
    var cluster = new LinkedHashMap<String, Leaf>();
    cluster.put("view", new Leaf(ClusterView::new));
    cluster.put("params", new Leaf(ClusterParams::new));
    cluster.put("env", new Leaf(ClusterEnv::new));
    var template = new LinkedHashMap<String, Leaf>();
    template.put("list", new Leaf(TemplateList::new));
    template.put("view", new Leaf(TemplateView::new));
    template.put("import", new Leaf(TemplateImport::new));
    template.put("export", new Leaf(TemplateExport::new));
    template.put("delete", new Leaf(TemplateDelete::new));
    var share = new LinkedHashMap<String, Leaf>();
    share.put("tree", new Leaf(ShareTreeView::new));
    share.put("list", new Leaf(ShareList::new));
    share.put("set", new Leaf(ShareSet::new));
    share.put("remove", new Leaf(ShareRemove::new));
    var branches = new LinkedHashMap<String, Branch>();
    branches.put("run", new Leaf(Run::new));
    branches.put("job", new Group("Submits jobs, shows them, and decides on them.", job));
    branches.put("task", new Group("Shows the tasks of jobs, changes and ends them.", task));
    branches.put("node", new Group("Starts compute nodes, shows and drains them.", node));
    branches.put("head", new Group("Starts the head node, and backs up its database.", head));
    branches.put(
        "cluster",
        new Group(
            "Shows the cluster, its parameters and its variables, and changes them.", cluster));
    branches.put(
        "template",
        new Group(
            "Shows job templates, which bound what jobs may ask for, and sets them.", template));
    branches.put(
        "share",
        new Group(
            "Shows how the cluster is shared between projects and users, and sets it.", share));
    branches.put("queue", new Leaf(QueueList::new));
    branches.put("clusrun", new Leaf(Clusrun::new));
    branches.put("simulate", new Leaf(world -> new Simulate()));
    branches.put("completion", new Leaf(Completion::new));
    branches.put("man", new Leaf(Manual::new));
    branches.put("help", new Leaf(Help::new));
    return branches;
  }
}
