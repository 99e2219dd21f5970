package org.capataz.computenode.agent;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.capataz.computenode.agent.Start.Placement;
import org.capataz.computenode.keeper.Execution;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.computenode.keeper.Request;
import org.capataz.model.CoreSet;
import org.capataz.model.InstanceId;
import org.capataz.model.Limits;
import org.capataz.model.MemoryLimit;
import org.capataz.model.Result;
import org.capataz.wire.HeadAddress;

/// Makes a task of its template and the order to start it.
///
/// The variables are those of HPC Pack, in its forms (names, `True` and `False`, blanks between
/// numbers), so that scripts and MPI launchers written for it find what they look for.
final class Executions {

  /// HPC Pack's word for a list of nodes that fits no variable; its `mpiexec` then refuses.
  private static final String OVERFLOW = "Overflow";

  /// HPC Pack's CCP_RUNTIME, in seconds, of a task without a limit.
  private static final long NO_LIMIT = Integer.MAX_VALUE;

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long MICROS_PER_MILLI = 1000;

  /// From TERM to KILL at the run-time limit, or when the node is stopped.
  private static final long GRACE_MILLIS = 10_000;

  private final String node;
  private final Login login;
  private final List<Integer> cpus;
  private final ParallelFiles parallel;
  private final List<HeadAddress> heads;

  /// @param node the receiver's name: the first placement of every order to start a command
  /// @param cpus the kernel's number of each core, to bind tasks to; none if they are not bound
  /// @param heads the head nodes of the cluster
  Executions(
      String node,
      Login login,
      List<Integer> cpus,
      ParallelFiles parallel,
      List<HeadAddress> heads) {
    this.node = node;
    this.login = login;
    this.cpus = List.copyOf(cpus);
    this.parallel = parallel;
    this.heads = List.copyOf(heads);
  }

  /// Whether the command starts on another node, and may start more of itself here.
  boolean isHold(Start start) {
    return start.placements().stream().skip(1).anyMatch(at -> at.node().equals(node));
  }

  /// The order to hold an attempt whose command starts elsewhere.
  Request.Hold hold(Start start) {
    var here =
        start.placements().stream().filter(at -> at.node().equals(node)).findFirst().orElseThrow();
    // What the first node's variables say of that node is not true here.
    var variables = new LinkedHashMap<String, String>();
    partVariables(start.placements().getFirst()).keySet().forEach(name -> variables.put(name, ""));
    variables.putAll(partVariables(here));
    return new Request.Hold(start.attempt(), variables, limits(start, here), binding(start, here));
  }

  /// Fills in the template.
  ///
  /// @param cluster whose head node wants it to run
  /// @return the task, or why it can never start
  Result<Execution> make(TaskTemplate template, Start start, Input.Welcomed cluster) {
    if (start.placements().isEmpty() || !start.placements().getFirst().node().equals(node)) {
      var first = start.placements().stream().findFirst().map(Placement::node).orElse("none");
      return Result.invalid(
          "expected an order for " + node + ", but the attempt's first node is " + first);
    }
    return template
        .values(start.values())
        .in("sweep values")
        .then(_ -> filled(template, start, cluster));
  }

  private Result<Execution> filled(TaskTemplate template, Start start, Input.Welcomed cluster) {
    var launch = template.launch();
    var arguments = launch.command().arguments(start.values());
    if (arguments.getFirst().isEmpty()) {
      return Result.invalid("expected a program, but the first word of the command is empty");
    }
    UnaryOperator<String> fill = text -> template.placeholders().filled(text, start.values());
    var directory = directory(fill.apply(launch.workDirectory()));
    var streams =
        new Execution.Streams(
            resolve(directory, fill.apply(launch.streams().in())),
            resolve(directory, fill.apply(launch.streams().out())),
            resolve(directory, fill.apply(launch.streams().err())));
    var environment = environment(template, start, cluster, directory);
    putOrRemove(environment, "CCP_STDIN", streams.in());
    putOrRemove(environment, "CCP_STDOUT", streams.out());
    putOrRemove(environment, "CCP_STDERR", streams.err());
    return Result.ok(
        new Execution(
            arguments,
            environment,
            directory,
            streams,
            limits(start, start.placements().getFirst()),
            binding(start, start.placements().getFirst()),
            peers(start)));
  }

  private static Execution.Limits limits(Start start, Placement here) {
    return new Execution.Limits(
        Math.ceilDiv(start.runtimeMicros(), MICROS_PER_MILLI),
        GRACE_MILLIS,
        here.memoryMb(),
        start.leaseMicros() / MICROS_PER_MILLI);
  }

  private List<Integer> binding(Start start, Placement here) {
    return start.bind() ? known(here.cores()) : List.of();
  }

  private static List<Execution.Peer> peers(Start start) {
    return start.cores() == 1
        ? List.of()
        : start.placements().stream()
            .map(at -> new Execution.Peer(at.node(), at.address(), at.cores().size()))
            .toList();
  }

  private Map<String, String> environment(
      TaskTemplate template, Start start, Input.Welcomed cluster, String directory) {
    var instance = start.attempt().instance();
    var placements = start.placements();
    var variables = login.environment();
    variables.put("OMP_NUM_THREADS", String.valueOf(placements.getFirst().cores().size()));
    var own = template.launch().environment();
    if (start.cores() > 1) {
      variables.putAll(MpiVariables.of(parallel, start.attempt(), own));
      variables.put("CCP_MPI_WORKDIR", directory);
    }
    own.forEach((name, value) -> putOrRemove(variables, name, value));

    putOrRemove(variables, "CCP_CLUSTER_NAME", cluster.clusterName());
    // The host alone, as HPC Pack has it.
    variables.put("CCP_SCHEDULER", cluster.head().replaceFirst(":\\d+$", ""));
    variables.put(
        "CCP_CONNECTIONSTRING",
        heads.stream().map(HeadAddress::toString).collect(Collectors.joining(",")));
    variables.put("CCP_JOBID", String.valueOf(instance.job()));
    template.facts().forEach((name, value) -> putOrRemove(variables, name, value));
    variables.put("CCP_TASKID", String.valueOf(instance.task()));
    variables.put("CCP_TASKINSTANCEID", String.valueOf(instance.instance()));
    variables.put("CCP_NODES", nodes(start));
    variables.put("CCP_NODES_CORES", nodes(start));
    variables.put("CCP_WORKDIR", directory);
    variables.put("CCP_NUMCPUS", String.valueOf(start.cores()));
    variables.putAll(partVariables(placements.getFirst()));
    if (start.cores() > 1) {
      variables.put("CAPATAZ_PARALLEL", parallel.folder(start.attempt()).toString());
    }
    variables.put("CCP_RETRY_COUNT", String.valueOf(start.retries()));
    // Set on reruns alone, as HPC Pack does.
    putOrRemove(variables, "CCP_RESTART", start.retries() > 0 ? "True" : "");
    putOrRemove(
        variables,
        "CCP_TASK_PREV_EXITCODE",
        start.previousExitCode().isPresent()
            ? String.valueOf(start.previousExitCode().getAsInt())
            : "");
    variables.put("CCP_JOBTYPE", "Batch");
    variables.put("CCP_TASKSYSTEMID", String.valueOf(systemId(instance)));
    variables.put("CCP_TASKCONTEXT", instance.job() + "." + systemId(instance));
    putOrRemove(variables, "CCP_ENVLIST", bounded(String.join(",", own.keySet())));
    variables.put("CCP_RERUNNABLE", start.rerunnable() ? "True" : "False");
    variables.put("CCP_RUNTIME", String.valueOf(runtimeSeconds(start.runtimeMicros())));
    return variables;
  }

  /// What says which parts of a node an attempt has.
  private Map<String, String> partVariables(Placement at) {
    var known = known(at.cores());
    var gpus = numbers(at.parts().gpus());
    var variables = new LinkedHashMap<String, String>();
    var cores = known.isEmpty() ? numbers(at.cores()) : known;
    variables.put("CCP_COREIDS", list(cores, " "));
    variables.put("CCP_AFFINITY", mask(cores));
    if (!gpus.isEmpty()) {
      variables.put("CCP_GPUIDS", list(gpus, " "));
      variables.put("CUDA_VISIBLE_DEVICES", list(gpus, ","));
    }
    if (at.memoryMb() > 0) {
      variables.put(MemoryLimit.VARIABLE, String.valueOf(at.memoryMb()));
    }
    return variables;
  }

  /// Hexadecimal, the first core lowest.
  private static String mask(List<Integer> cores) {
    return cores.stream().reduce(BigInteger.ZERO, BigInteger::setBit, BigInteger::or).toString(16);
  }

  private static long runtimeSeconds(long micros) {
    return micros == 0 ? NO_LIMIT : Math.min(NO_LIMIT, Math.ceilDiv(micros, MICROS_PER_SECOND));
  }

  /// A number of the task that no other task of the cluster has.
  private static long systemId(InstanceId instance) {
    return (long) instance.job() * 10 * Limits.TASKS + instance.task();
  }

  private static String bounded(String list) {
    return list.length() > Limits.VALUE ? OVERFLOW : list;
  }

  /// `2 node1 8 node2 4`.
  private static String nodes(Start start) {
    var list = new StringBuilder().append(start.placements().size());
    for (var placement : start.placements()) {
      list.append(' ').append(placement.node()).append(' ').append(placement.cores().size());
    }
    return list.length() > Limits.VALUE ? OVERFLOW : list.toString();
  }

  /// The kernel's numbers of these cores; none where the node does not bind what it runs.
  private List<Integer> known(CoreSet cores) {
    var numbers = numbers(cores);
    return cpus.isEmpty() || numbers.isEmpty() || numbers.getLast() >= cpus.size()
        ? List.of()
        : numbers.stream().map(cpus::get).toList();
  }

  private static List<Integer> numbers(CoreSet set) {
    var numbers = new ArrayList<Integer>();
    for (var number = 0; numbers.size() < set.size(); number++) {
      if (set.contains(number)) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  private static String list(List<Integer> numbers, String separator) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(separator));
  }

  /// The working directory: absolute, where a relative one begins at the user's home.
  String directory(String given) {
    return given.isEmpty() ? login.home() : resolve(login.home(), given);
  }

  /// A path as the task sees it; an empty one stays empty.
  static String resolve(String directory, String path) {
    return path.isEmpty() || path.startsWith("/") ? path : directory + "/" + path;
  }

  private static void putOrRemove(Map<String, String> variables, String name, String value) {
    if (value.isEmpty()) {
      variables.remove(name);
    } else {
      variables.put(name, value);
    }
  }
}
