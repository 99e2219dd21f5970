package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.capataz.computenode.agent.Start.Placement;
import org.capataz.computenode.keeper.Execution;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.model.AttemptId;
import org.capataz.model.CommandLine;
import org.capataz.model.CoreSet;
import org.capataz.model.InstanceId;
import org.capataz.model.Launch;
import org.capataz.model.Parts;
import org.capataz.model.Placeholders;
import org.capataz.model.Result;
import org.capataz.wire.HeadAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExecutionsTest {

  private static final Login LOGIN = new Login("ana", "/home/ana", "/bin/bash", "C.UTF-8", "/tmp");
  private static final Launch.Streams UNNAMED = new Launch.Streams("", "", "");

  private static final ParallelFiles PARALLEL = new ParallelFiles(Path.of("/data"));

  private static final List<HeadAddress> HEADS =
      List.of(new HeadAddress("head1", 5800), new HeadAddress("head2", 5900));
  private static final Input.Welcomed LAB =
      new Input.Welcomed(
          "head2:5900", new ClusterEpoch(new UUID(1, 1), 1), "lab", Duration.ofSeconds(30));

  private final Executions executions = new Executions("n1", LOGIN, List.of(), PARALLEL, HEADS);

  @Test
  void aTaskHasTheEnvironmentOfALoginAndOfItsJob() {
    var launch = launch("./model '*'", "run/*", new Launch.Streams("", "out.*", ""), Map.of());
    var placements =
        List.of(placement("n1", CoreSet.ofWords(0b100011)), placement("n2", CoreSet.first(2)));
    var start = new Start(attempt(3), 1, List.of("17"), placements, 90_500_000, true);

    var task =
        made(
            TaskTemplate.of(
                launch,
                Placeholders.STAR,
                Map.of("CCP_JOBNAME", "study", "CCP_EXCLUSIVE", "False")),
            start);

    assertThat(withoutMpi(task.environment()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("HOME", "/home/ana"),
                Map.entry("USER", "ana"),
                Map.entry("LOGNAME", "ana"),
                Map.entry("SHELL", "/bin/bash"),
                Map.entry("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                Map.entry("LANG", "C.UTF-8"),
                Map.entry("TMPDIR", "/tmp"),
                Map.entry("OMP_NUM_THREADS", "3"),
                Map.entry("CCP_CLUSTER_NAME", "lab"),
                Map.entry("CCP_SCHEDULER", "head2"),
                Map.entry("CCP_CONNECTIONSTRING", "head1:5800,head2:5900"),
                Map.entry("CCP_JOBID", "12"),
                Map.entry("CCP_JOBNAME", "study"),
                Map.entry("CCP_TASKID", "2"),
                Map.entry("CCP_TASKINSTANCEID", "17"),
                Map.entry("CCP_NODES", "2 n1 3 n2 2"),
                Map.entry("CCP_NODES_CORES", "2 n1 3 n2 2"),
                Map.entry("CCP_NUMCPUS", "5"),
                Map.entry("CCP_COREIDS", "0 1 5"),
                Map.entry("CCP_AFFINITY", "23"),
                Map.entry("CCP_EXCLUSIVE", "False"),
                Map.entry("CCP_RETRY_COUNT", "2"),
                Map.entry("CCP_RESTART", "True"),
                Map.entry("CCP_JOBTYPE", "Batch"),
                Map.entry("CCP_TASKSYSTEMID", "12000002"),
                Map.entry("CCP_TASKCONTEXT", "12.12000002"),
                Map.entry("CCP_RERUNNABLE", "True"),
                Map.entry("CCP_RUNTIME", "91"),
                Map.entry("CCP_WORKDIR", "/home/ana/run/17"),
                Map.entry("CCP_STDOUT", "/home/ana/run/17/out.17")));
    assertThat(task.arguments()).containsExactly("./model", "17");
    assertThat(task.workDirectory()).isEqualTo("/home/ana/run/17");
    assertThat(task.streams()).isEqualTo(new Execution.Streams("", "/home/ana/run/17/out.17", ""));
    assertThat(task.limits().runMillis()).isEqualTo(90_500);
  }

  @Test
  void aTaskWithoutLimitRunsAsLongAsInHpcPack() {
    var task = made(launch("true", Map.of()));

    assertThat(task.environment())
        .containsEntry("CCP_RUNTIME", "2147483647")
        .containsEntry("CCP_RERUNNABLE", "False");
    assertThat(task.limits().runMillis()).isZero();
  }

  @Test
  void aTaskWithoutDirectoryRunsAtHome() {
    assertThat(made(launch("true", Map.of())).workDirectory()).isEqualTo("/home/ana");
  }

  @Test
  void theJobsVariablesOverlayTheLoginsAndAnEmptyOneUnsets() {
    var given = new LinkedHashMap<String, String>();
    given.put("LANG", "de_DE.UTF-8");
    given.put("TMPDIR", "");
    given.put("OMP_NUM_THREADS", "7");
    given.put("CCP_MPI_HOSTFILE_FORMAT", "2");

    assertThat(made(launch("true", given)).environment())
        .containsEntry("LANG", "de_DE.UTF-8")
        .doesNotContainKey("TMPDIR")
        .containsEntry("OMP_NUM_THREADS", "7")
        .containsEntry("CCP_MPI_HOSTFILE_FORMAT", "2")
        .containsEntry("CCP_ENVLIST", "LANG,TMPDIR,OMP_NUM_THREADS,CCP_MPI_HOSTFILE_FORMAT");
  }

  @Test
  void theSchedulersVariablesAreNotTheJobsToSet() {
    var given = Map.of("CCP_JOBID", "1", "CCP_NODES", "9 all 99", "CCP_STDERR", "/tmp/mine");

    assertThat(made(launch("true", given)).environment())
        .containsEntry("CCP_JOBID", "12")
        .containsEntry("CCP_NODES", "1 n1 1")
        .doesNotContainKey("CCP_STDERR");
  }

  @Test
  void aListOfNodesThatFitsNoVariableOverflows() {
    var placements = new ArrayList<Placement>();
    placements.add(placement("n1", CoreSet.first(1)));
    for (var node = 0; node < 20_000; node++) {
      placements.add(placement("node" + node, CoreSet.first(1)));
    }
    var start = new Start(attempt(1), 1, List.of(), placements, 0, false);

    assertThat(
            made(TaskTemplate.of(launch("true", Map.of()), Placeholders.NONE, Map.of()), start)
                .environment())
        .containsEntry("CCP_NODES", "Overflow")
        .containsEntry("CCP_NUMCPUS", "20001");
  }

  @Test
  void aStarOutsideASweepIsAStar() {
    var launch = launch("cat data.txt", "/data/*", new Launch.Streams("", "*.log", ""), Map.of());

    var task = made(TaskTemplate.of(launch, Placeholders.NONE, Map.of()), start());

    assertThat(task.workDirectory()).isEqualTo("/data/*");
    assertThat(task.streams().out()).isEqualTo("/data/*/*.log");
  }

  @Test
  void whatNoProcessCanBeGivenIsRefused() {
    var template = TaskTemplate.of(launch("*", Map.of()), Placeholders.STAR, Map.of());

    assertThat(refusal(template.then(t -> executions.make(t, start("a\0b"), LAB))))
        .contains("without NUL");
    assertThat(refusal(template.then(t -> executions.make(t, start(""), LAB))))
        .contains("expected a program");
    assertThat(refusal(template.then(t -> executions.make(t, start("a", "b"), LAB))))
        .contains("sweep values: expected 1, but got 2");
    assertThat(
            refusal(
                TaskTemplate.of(launch("true", Map.of("A=B", "c")), Placeholders.NONE, Map.of())))
        .contains("expected a variable's name");
    assertThat(
            refusal(
                TaskTemplate.of(launch("true", Map.of("A", "\0")), Placeholders.NONE, Map.of())))
        .contains("variable A");
  }

  @Test
  void anOrderForAnotherNodeIsRefused() {
    var start =
        new Start(attempt(1), 1, List.of(), List.of(placement("n2", CoreSet.first(1))), 0, false);
    var template = TaskTemplate.of(launch("true", Map.of()), Placeholders.NONE, Map.of());

    assertThat(refusal(template.then(t -> executions.make(t, start, LAB))))
        .isEqualTo("expected an order for n1, but the attempt's first node is n2");
  }

  @Test
  void aRunIsLimitedToTheMemoryThatItMayUseOnItsNodeAndToldOfIt() {
    var here = new Placement("n1", "n1", Parts.ofCores(CoreSet.first(1)), 300);
    var there = new Placement("n2", "n2", Parts.ofCores(CoreSet.first(1)), 200);
    var start = new Start(attempt(1), 1, List.of(), List.of(here, there), 0, false);
    var launch = launch("true", "", UNNAMED, Map.of("CCP_MAXIMUMMEMORY", "1G"));

    var task = made(TaskTemplate.of(launch, Placeholders.NONE, Map.of()), start);
    var hold = new Executions("n2", LOGIN, List.of(), PARALLEL, HEADS).hold(start);

    assertThat(task.limits().memoryMb()).isEqualTo(300);
    assertThat(task.environment()).containsEntry("CCP_MAXIMUMMEMORY", "300");
    assertThat(hold.limits().memoryMb()).isEqualTo(200);
    assertThat(hold.variables()).containsEntry("CCP_MAXIMUMMEMORY", "200");
  }

  @Test
  void aRunThatIsNotToBeBoundKnowsItsCoresAllTheSame() {
    var binds = new Executions("n1", LOGIN, List.of(0, 4, 1, 5), PARALLEL, HEADS);
    var placements = List.of(placement("n1", CoreSet.ofWords(0b0110)));
    var template =
        TaskTemplate.of(launch("true", "", UNNAMED, Map.of()), Placeholders.NONE, Map.of());

    for (var bind : List.of(true, false)) {
      var start =
          new Start(
              attempt(1), 1, List.of(), placements, 0, false, OptionalInt.empty(), bind, 0, 0, 0);
      var task = template.then(t -> binds.make(t, start, LAB)).orElseThrow();

      assertThat(task.cpus()).isEqualTo(bind ? List.of(4, 1) : List.of());
      assertThat(task.environment()).containsEntry("CCP_COREIDS", "4 1");
    }
  }

  @Test
  void aRunIsToldHowTheOneBeforeItEnded() {
    var placements = List.of(placement("n1", CoreSet.first(1)));
    var start =
        new Start(attempt(1), 1, List.of(), placements, 0, true, OptionalInt.of(75), true, 0, 0, 0);
    var template =
        TaskTemplate.of(launch("true", "", UNNAMED, Map.of()), Placeholders.NONE, Map.of());

    assertThat(made(template, start).environment()).containsEntry("CCP_TASK_PREV_EXITCODE", "75");
  }

  private static Placement placement(String node, CoreSet cores) {
    return new Placement(node, node + ".lab", Parts.ofCores(cores), 0);
  }

  private static Map<String, String> withoutMpi(Map<String, String> environment) {
    var rest = new LinkedHashMap<>(environment);
    rest.keySet().removeIf(name -> name.matches("(OMPI_|PRTE_|HYDRA_|CAPATAZ_|CCP_MPI_).*"));
    return rest;
  }

  private static final List<Placement> TWO =
      List.of(placement("n1", CoreSet.first(3)), placement("n2", CoreSet.ofWords(0b110)));

  @Test
  void aParallelTaskTellsMpiLaunchersItsHostsAndHowToReachThem() {
    var start = new Start(attempt(1), 1, List.of(), TWO, 0, false);
    var task = made(TaskTemplate.of(launch("true", Map.of()), Placeholders.NONE, Map.of()), start);
    var folder = "/data/parallel/00000000-0000-0001-0000-000000000001_4_12.2.17_1";

    assertThat(task.peers())
        .containsExactly(
            new Execution.Peer("n1", "n1.lab", 3), new Execution.Peer("n2", "n2.lab", 2));
    assertThat(task.environment())
        .containsEntry("OMPI_MCA_plm_rsh_agent", "/data/parallel/mpi-agent")
        .containsEntry("OMPI_MCA_orte_default_hostfile", folder + "/hosts.slots")
        .containsEntry("HYDRA_LAUNCHER_EXEC", "/data/parallel/mpi-agent")
        .containsEntry("HYDRA_HOST_FILE", folder + "/hosts.colon")
        .containsEntry("CCP_MPI_HOSTFILE", folder + "/hosts.slots")
        .containsEntry("CCP_MPI_WORKDIR", "/home/ana")
        .containsEntry("CAPATAZ_PARALLEL", folder);
  }

  @Test
  void whatAJobSetsOfItIsLeftAsItIs() {
    var given = new LinkedHashMap<String, String>();
    given.put("HYDRA_LAUNCHER", "ssh");
    given.put("OMPI_MCA_plm", "");
    given.put("CCP_MPI_WORKDIR", "/scratch");

    assertThat(parallel(given))
        .containsEntry("HYDRA_LAUNCHER", "ssh")
        .containsEntry("CCP_MPI_WORKDIR", "/scratch")
        .doesNotContainKey("OMPI_MCA_plm");
  }

  @Test
  void theHostFileIsOfTheFormThatTheJobAsksFor() {
    assertThat(hostFile("1")).endsWith("/hosts.colon");
    assertThat(hostFile("2")).endsWith("/hosts.slots");
    assertThat(hostFile("3")).endsWith("/hosts.blank");
  }

  @Test
  void openMpiSpeaksOverTheNetworkThatTheJobNames() {
    assertThat(network("10.1.0.0/255.255.0.0")).isEqualTo("10.1.0.0/16");
    assertThat(network("10.1.0.0/20")).isEqualTo("10.1.0.0/20");
    assertThat(network("")).isNull();
    assertThat(network("ib0")).isNull();
  }

  private @Nullable String hostFile(String form) {
    return parallel(Map.of("CCP_MPI_HOSTFILE_FORMAT", form)).get("CCP_MPI_HOSTFILE");
  }

  private @Nullable String network(String netmask) {
    return parallel(Map.of("CCP_MPI_NETMASK", netmask)).get("OMPI_MCA_btl_tcp_if_include");
  }

  private Map<String, String> parallel(Map<String, String> given) {
    var start = new Start(attempt(1), 1, List.of(), TWO, 0, false);
    return made(TaskTemplate.of(launch("true", given), Placeholders.NONE, Map.of()), start)
        .environment();
  }

  @Test
  void aSerialTaskHasNothingOfMpi() {
    var task = made(launch("true", Map.of()));

    assertThat(task.peers()).isEmpty();
    assertThat(task.environment()).isEqualTo(withoutMpi(task.environment()));
  }

  @Test
  void anotherNodeOfATaskHoldsIt() {
    var start = new Start(attempt(1), 1, List.of(), TWO, 2_000, false);
    var second = new Executions("n2", LOGIN, List.of(), PARALLEL, HEADS);

    assertThat(executions.isHold(start)).isFalse();
    assertThat(second.isHold(start)).isTrue();
    assertThat(second.hold(start).variables())
        .containsOnly(Map.entry("CCP_COREIDS", "1 2"), Map.entry("CCP_AFFINITY", "6"));
    assertThat(second.hold(start).limits().runMillis()).isEqualTo(2);
    assertThat(second.hold(start).cpus()).isEmpty();
  }

  @Test
  void whatRunsOnAnotherNodeIsBoundToTheCoresThatTheTaskHasThere() {
    var parts = new Parts(CoreSet.ofWords(0b110), CoreSet.ofWords(0b10));
    var there = List.of(TWO.getFirst(), new Placement("n2", "n2.lab", parts, 0));
    var start = new Start(attempt(1), 1, List.of(), there, 0, false);

    var hold = new Executions("n2", LOGIN, List.of(0, 4, 1, 5), PARALLEL, HEADS).hold(start);

    assertThat(hold.cpus()).containsExactly(4, 1);
    assertThat(hold.variables())
        .containsEntry("CCP_COREIDS", "4 1")
        .containsEntry("CUDA_VISIBLE_DEVICES", "1");
  }

  @Test
  void theGpusOfTheFirstNodeAreNotOfferedOnOneWhereTheTaskHasNone() {
    var parts = new Parts(CoreSet.first(1), CoreSet.first(2));
    var there = List.of(new Placement("n1", "n1.lab", parts, 0), TWO.getLast());
    var start = new Start(attempt(1), 1, List.of(), there, 0, false);

    assertThat(new Executions("n2", LOGIN, List.of(), PARALLEL, HEADS).hold(start).variables())
        .containsEntry("CCP_GPUIDS", "")
        .containsEntry("CUDA_VISIBLE_DEVICES", "");
  }

  private static AttemptId attempt(int number) {
    return new AttemptId(new UUID(1, 1), 4, new InstanceId(12, 2, 17), number);
  }

  private static Start start(String... values) {
    var placement = placement("n1", CoreSet.first(1));
    return new Start(attempt(1), 1, List.of(values), List.of(placement), 0, false);
  }

  private static Launch launch(String command, Map<String, String> environment) {
    return launch(command, "", UNNAMED, environment);
  }

  private static Launch launch(
      String command, String directory, Launch.Streams streams, Map<String, String> environment) {
    return new Launch(
        CommandLine.parse(command, Placeholders.STAR).orElseThrow(),
        directory,
        streams,
        environment);
  }

  private Execution made(Launch launch) {
    return made(
        TaskTemplate.of(launch, Placeholders.NONE, Map.of("CCP_JOBNAME", "study")), start());
  }

  private Execution made(Result<TaskTemplate> template, Start start) {
    return template.then(t -> executions.make(t, start, LAB)).orElseThrow();
  }

  private static String refusal(Result<?> result) {
    return switch (result) {
      case Result.Ok<?>(var value) -> "accepted " + value;
      case Result.Refused<?>(var refusal) -> refusal.message();
    };
  }
}
