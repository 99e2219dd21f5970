package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.JobState.QUEUED;
import static org.capataz.model.JobState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.PLENTY_OF_MEMORY;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import org.capataz.model.JobProperty;
import org.capataz.model.Parts;
import org.capataz.model.TaskProperty;
import org.capataz.model.Topology;
import org.capataz.scheduler.event.Placement;
import org.junit.jupiter.api.Test;

/// What a job can hold beside cores, and which nodes it can choose.
class ResourcesScenarioTest {

  private final Cluster cluster = cluster();

  private Cluster node(String name, int cores, int sockets, int gpus, String... groups) {
    return cluster.node(name, Topology.even(cores, sockets, gpus), PLENTY_OF_MEMORY, groups);
  }

  private static Parts parts(Instance instance) {
    return instance.live().placements().stream()
        .map(Placement::parts)
        .reduce(Parts.NONE, Parts::plus);
  }

  // Units.

  @Test
  void aJobInNodesHoldsWholeNodes() {
    node("n1", 4, 1, 0).node("n2", 4).node("n3", 2);
    cluster.submit(task());

    var job = cluster.submit(job(task().with(TaskProperty.MIN_NODES, "2")));

    assertThat(job.onlyTask().nodes()).hasSize(2);
    assertThat(job.cores())
        .isEqualTo(
            job.onlyTask().nodes().stream()
                .mapToInt(name -> cluster.node(name).offer().cores())
                .sum());
    assertThat(cluster.submit(job(task().with(TaskProperty.MIN_NODES, "1"))).state())
        .isEqualTo(QUEUED);
  }

  @Test
  void aTaskInNodesGetsUpToItsMaximum() {
    node("n1", 4, 1, 0).node("n2", 4).node("n3", 2);

    var task =
        cluster.submit(
            job(task().with(TaskProperty.MIN_NODES, "1").with(TaskProperty.MAX_NODES, "4")));

    assertThat(task.onlyTask().nodes()).hasSize(3);
  }

  @Test
  void aJobInSocketsHoldsWholeSockets() {
    node("n1", 8, 2, 0);
    cluster.submit(task().cores(1));

    var job = cluster.submit(job(task().with(TaskProperty.MIN_SOCKETS, "1")));

    assertThat(parts(job.onlyTask()).cores()).hasToString("4-7");
    assertThat(cluster.submit(job(task().with(TaskProperty.MIN_SOCKETS, "1"))).state())
        .isEqualTo(QUEUED);
  }

  @Test
  void coresComeFromOneSocketWhereOneHasAsMany() {
    node("n1", 8, 2, 0);
    cluster.submit(task().cores(1));

    var task = cluster.submit(task().cores(4)).onlyTask();

    assertThat(parts(task).cores()).hasToString("4-7");
  }

  @Test
  void noGpuIsGivenTwiceAndEachComesWithItsShareOfCores() {
    node("n1", 8, 1, 2);

    var sweep = cluster.submit(job(sweep(1, 5).with(TaskProperty.MIN_GPUS, "1")));

    assertThat(sweep.counts().running()).isEqualTo(2);
    assertThat(parts(sweep.instance(1, 0))).hasToString("0-3 gpu 0");
    assertThat(parts(sweep.instance(1, 1))).hasToString("4-7 gpu 1");
    cluster.finishes(sweep.instance(1, 0));
    assertThat(parts(sweep.instance(1, 2))).hasToString("0-3 gpu 0");
  }

  // Memory.

  @Test
  void processMemoryBoundsHowManyCoresOfANodeAreUsed() {
    cluster.node("n1", 8, 1000);

    var sweep =
        cluster.submit(
            job(sweep(1, 100).cores(2)).with(JobProperty.ESTIMATED_PROCESS_MEMORY, "150"));

    assertThat(sweep.counts().running()).isEqualTo(3);
    assertThat(cluster.node("n1").grantedMemoryMb()).isEqualTo(900);
  }

  @Test
  void aRunWidensOnlyAsFarAsThereIsMemory() {
    cluster.node("n1", 8, 1000);

    var task =
        cluster.submit(job(task().cores(1, 8)).with(JobProperty.ESTIMATED_PROCESS_MEMORY, "300"));

    assertThat(task.onlyTask().cores()).isEqualTo(3);
  }

  // Which nodes.

  @Test
  void aJobIsGivenItsCandidatesAlone() {
    node("n1", 4, 1, 0, "a").node("n2", 4).node("n3", 8);

    assertThat(nodesOf(job(sweep(1, 99)).with(JobProperty.REQUESTED_NODES, "N2")))
        .containsExactly("n2");
    assertThat(nodesOf(job(sweep(1, 99)).with(JobProperty.NODE_GROUPS, "a"))).containsExactly("n1");
    assertThat(nodesOf(job(sweep(1, 99)).with(JobProperty.MIN_CORES_PER_NODE, "5")))
        .containsExactly("n3");
  }

  @Test
  void aJobIsNotGivenWhatItExcludes() {
    node("n1", 4, 1, 0, "a").node("n2", 4).node("n3", 8);

    assertThat(nodesOf(job(sweep(1, 99)).with(JobProperty.EXCLUDED_NODES, "n2")))
        .containsExactlyInAnyOrder("n1", "n3");
  }

  @Test
  void aTaskRunsInTheGroupThatItAsksFor() {
    node("n1", 4, 1, 0, "a").node("n2", 4).node("n3", 8);

    assertThat(nodesOf(job(sweep(1, 99).with(TaskProperty.REQUESTED_NODE_GROUP, "A"))))
        .containsExactly("n1");
  }

  private List<String> nodesOf(JobSketch job) {
    return cluster.submit(job).nodes();
  }

  @Test
  void aUniformJobIsLaidIntoTheFirstGroupThatHoldsIt() {
    node("n1", 2, 1, 0, "a");
    node("n2", 4, 1, 0, "b");
    node("n3", 4, 1, 0, "b");

    var job =
        cluster.submit(
            job(sweep(1, 99))
                .cores(4, 99)
                .with(JobProperty.NODE_GROUPS, "a,b")
                .with(JobProperty.NODE_GROUP_OP, "Uniform"));

    assertThat(job.nodes()).containsExactlyInAnyOrder("n2", "n3");
  }

  @Test
  void aJobOfOneNodeStaysThere() {
    node("n1", 4, 1, 0).node("n2", 6);

    var job = cluster.submit(job(sweep(1, 99)).with(JobProperty.SINGLE_NODE, "true"));

    assertThat(job.nodes()).containsExactly("n2");
    assertThat(job.counts().running()).isEqualTo(6);
  }

  @Test
  void nodesAreTakenInTheOrderThatIsAskedFor() {
    node("n1", 4, 1, 0).node("n2", 8).node("n3", 2);

    assertThat(placed("-Cores")).isEqualTo("n3");
    assertThat(placed("Cores")).isEqualTo("n2");
  }

  private String placed(String order) {
    return cluster
        .submit(job(task()).with(JobProperty.ORDER_BY, order))
        .onlyTask()
        .nodes()
        .getFirst();
  }

  @Test
  void aRunHasAllNodesThatItRequires() {
    node("n1", 4, 1, 0).node("n2", 4).node("n3", 4);

    var task =
        cluster.submit(job(task().cores(6).with(TaskProperty.REQUIRED_NODES, "n2,n3"))).onlyTask();

    assertThat(task.nodes()).containsExactly("n2", "n3");
    assertThat(task.cores()).isEqualTo(6);
  }

  @Test
  void aRunWaitsForANodeThatItRequires() {
    node("n1", 4, 1, 0).node("n2", 4);
    var first = cluster.submit(job(task().cores(4)).with(JobProperty.REQUESTED_NODES, "n2"));

    var job = cluster.submit(job(task().with(TaskProperty.REQUIRED_NODES, "n2")));

    assertThat(job.state()).isEqualTo(QUEUED);
    cluster.finishes(first.onlyTask());
    assertThat(job.onlyTask().nodes()).containsExactly("n2");
  }

  @Test
  void aJobThatWaitsForItsNodesLetsOthersGrowElsewhere() {
    node("n1", 4, 1, 0).node("n2", 1);
    cluster.submit(job(task()).with(JobProperty.REQUESTED_NODES, "n2"));
    var wide =
        cluster.submit(job(sweep(1, 2)).task(sweep(1, 8).after("x")).task(task("x")).cores(1, 9));
    assertThat(wide.state()).isEqualTo(RUNNING);
    cluster.submit(job(task()).with(JobProperty.REQUESTED_NODES, "n2"));

    cluster.finishes(wide.task("x"));

    assertThat(wide.cores()).isEqualTo(4);
  }

  // Exclusive use.

  @Test
  void noOtherJobComesToTheNodesOfAnExclusiveOne() {
    node("n1", 4, 1, 0);
    var exclusive = cluster.submit(job(task()).with(JobProperty.IS_EXCLUSIVE, "true"));

    var other = cluster.submit(task());

    assertThat(other.state()).isEqualTo(QUEUED);
    cluster.finishes(exclusive.onlyTask());
    assertThat(other.state()).isEqualTo(RUNNING);
    assertThat(cluster.submit(job(task()).with(JobProperty.IS_EXCLUSIVE, "true")).state())
        .isEqualTo(QUEUED);
  }

  @Test
  void nothingElseOfItsJobRunsBesideAnExclusiveTask() {
    node("n1", 4, 1, 0).node("n2", 4);

    var job =
        cluster.submit(
            job(task("a").with(TaskProperty.IS_EXCLUSIVE, "true"))
                .task(sweep(1, 8).named("b"))
                .with(JobProperty.IS_EXCLUSIVE, "true"));

    assertThat(job.counts().running()).isEqualTo(5);
    cluster.finishes(job.task("a"));
    assertThat(job.counts().running()).isEqualTo(8);
  }

  // Licences.

  @Test
  void jobsWaitForLicencesAndNoneIsGivenTwice() {
    node("n1", 8, 1, 0);
    cluster.licences("matlab:3");
    var first = cluster.submit(licensed("matlab:2"));

    var second = cluster.submit(licensed("matlab:2,other:9"));

    assertThat(second.state()).isEqualTo(QUEUED);
    cluster.finishes(first.onlyTask());
    assertThat(second.state()).isEqualTo(RUNNING);
    cluster.licences("matlab:4");
    assertThat(cluster.submit(licensed("matlab:2")).state()).isEqualTo(RUNNING);
  }

  @Test
  void aJobThatHasLicencesGetsCoresBeforeThoseThatWaitForThem() {
    node("n1", 2, 1, 0);
    cluster.licences("matlab:1");
    var holder = cluster.submit(licensed("matlab:1"));
    var urgent = cluster.submit(licensed("matlab:1").priority("Highest"));

    cluster.disconnect("n1").lose("n1");
    cluster.forget("n1");

    assertThat(holder.counts().running()).isEqualTo(1);
    cluster.finishes(holder.onlyTask());
    assertThat(urgent.state()).isEqualTo(RUNNING);
  }

  private static JobSketch licensed(String licences) {
    return job(task()).with(JobProperty.SOFTWARE_LICENSE, licences);
  }

  // What there can never be.

  @Test
  void whatNoSetOfNodesCouldGiveIsRefusedByWhatIsLacking() {
    cluster.node("n1", Topology.even(4, 2, 1), 1000, "a").node("n2", 4, 2000);
    cluster.licences("x:1");

    assertThat(refusal(job(task()).with(JobProperty.MIN_NODES, "3")))
        .isEqualTo("expected a minimum of at most the cluster's 2 nodes, but the job asks for 3");
    assertThat(refusal(job(task()).with(JobProperty.MIN_GPUS, "2"))).contains("1 GPU, but");
    assertThat(refusal(job(task()).with(JobProperty.REQUESTED_NODES, "n8,n9")))
        .isEqualTo("expected RequestedNodes of this cluster, but it has no node n8, n9");
    assertThat(refusal(job(task()).with(JobProperty.NODE_GROUPS, "b")))
        .isEqualTo("expected NodeGroups of this cluster, but no node is in b");
    assertThat(refusal(job(task()).with(JobProperty.MIN_CORES_PER_NODE, "5")))
        .isEqualTo("expected nodes with 5 or more cores, but the cluster has none");
    assertThat(refusal(job(task()).with(JobProperty.MIN_MEMORY, "2001")))
        .isEqualTo("expected nodes with 2001 or more MB, but the cluster has none");
    assertThat(refusal(licensed("x:2")))
        .isEqualTo("expected at most the cluster's 1 licences of x, but the job asks for 2");
    assertThat(refusal(job(task().with(TaskProperty.REQUIRED_NODES, "n1,n7"))))
        .isEqualTo(
            "task 1: expected RequiredNodes among the nodes that the job may be given, but n7 is no"
                + " node of the cluster");
    assertThat(refusal(job(task().with(TaskProperty.REQUESTED_NODE_GROUP, "z"))))
        .contains("expected a node in the group z");
    assertThat(refusal(job(task()).cores(5, 5).with(JobProperty.SINGLE_NODE, "true")))
        .startsWith("task 1: expected what one node could hold at once");
    assertThat(refusal(job(task().cores(8)).with(JobProperty.ESTIMATED_PROCESS_MEMORY, "500")))
        .startsWith("task 1: expected at most 6 cores on nodes with 500 MB or more");
  }

  private String refusal(JobSketch job) {
    return cluster.refusal(job).message();
  }
}
