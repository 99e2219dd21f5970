package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a job is to hold, and where.
class ResourcesTest {

  @Test
  void whoAsksForNothingGetsCoresOnAnyNode() {
    assertThat(resolved(draft("")).resources()).isEqualTo(Resources.ANY);
  }

  @Test
  void everyPropertyReachesTheSpecification() {
    var job =
        draft(
            "UnitType=socket; MinSockets=2; MaxSockets=4; IsExclusive=1; SingleNode=true;"
                + " RequestedNodes=n1, N2,; ExcludedNodes=n9; NodeGroups=a,b; NodeGroupOp=union;"
                + " OrderBy=-memory, cores; MinCoresPerNode=4; MaxCoresPerNode=8; MinMemory=100;"
                + " MaxMemory=200; EstimatedProcessMemory=50; SoftwareLicense=matlab:3, ansys:*",
            "MinSockets=2; RequiredNodes=n1; IsExclusive=true");

    assertThat(resolved(job).units()).hasToString("2-4");
    assertThat(resolved(job).resources())
        .isEqualTo(
            new Resources(
                Unit.SOCKET,
                new NodeFilter(
                    NodeFilter.names(List.of("n1", "N2")),
                    NodeFilter.names(List.of("n9")),
                    List.of("a", "b"),
                    NodeFilter.GroupOp.UNION,
                    new NodeFilter.Bounds(4, 8),
                    new NodeFilter.Bounds(100, 200)),
                List.of(
                    new NodeOrder(NodeOrder.Key.MEMORY, true),
                    new NodeOrder(NodeOrder.Key.CORES, false)),
                true,
                true,
                Map.of("matlab", 3, "ansys", 2)));
    assertThat(resolved(job).task(1).demand())
        .isEqualTo(
            new Demand(
                new Span(2, 2),
                0,
                50,
                new Demand.Nodes(NodeFilter.names(List.of("n1")), "", true),
                0));
  }

  /// Minimum and maximum of a job of tasks of 2 to 3 and 5 times 1, as files of Microsoft's give
  /// them: any minimum turns its calculation off, and that of another unit counts for nothing.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                                   | 2-8",
        "UnitType=Core; MinCores=4                          | 4-8",
        "UnitType=Core; MaxCores=4                          | 2-4",
        "UnitType=Core; MinCores=3; MaxCores=6              | 3-6",
        "UnitType=Core; MinCores=3; AutoCalculateMin=true   | 2-8",
        "UnitType=Core; MaxCores=6; AutoCalculateMax=true   | 2-8",
        "UnitType=Core; MinNodes=7; MinCores=3              | 3-8",
        "MaxNodes=1; MaxCores=5                             | 2-5",
        "UnitType=Node; MinNodes=2; MaxNodes=9; MinCores=80 | 2-9",
        "UnitType=Gpu; MinGpus=2                            | 2-8",
        "UnitType=Node; AutoCalculateMin=true; MinCores=80  | 2-8",
      })
  void minimumAndMaximumAreWorkedOutEachByItself(String properties, String units) {
    for (var dialect : List.of(Dialect.HPC2008, Dialect.HPC2008R2)) {
      var job = of(dialect, properties == null ? "" : properties);
      for (var unit : Unit.values()) {
        job = job.withTasks(withUnits(job.tasks(), unit));
      }

      assertThat(resolved(job).units()).hasToString(units);
    }
  }

  private static List<TaskDraft> withUnits(List<TaskDraft> tasks, Unit unit) {
    return List.of(
        tasks.get(0).with(unit.taskMin(), "2").with(unit.taskMax(), "3"),
        tasks.get(1).with(unit.taskMin(), "1"));
  }

  private static JobDraft of(Dialect dialect, String properties) {
    var sweep =
        TaskDraft.EMPTY
            .with(TaskProperty.COMMAND_LINE, "b")
            .with(TaskProperty.TYPE, "ParametricSweep")
            .with(TaskProperty.END_VALUE, "5");
    return in(dialect, draft(properties, "").plus(sweep));
  }

  @Test
  void aMinimumOfAnotherUnitLeavesOneOfItsOwnInFilesOfMicrosofts() {
    var job = in(Dialect.HPC2008R2, draft("UnitType=Node; MinCores=8; MaxCores=16", ""));

    assertThat(resolved(job).units()).hasToString("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                          |                        | CORE",
        "MinNodes=2                |                        | NODE",
        "                          | MinGpus=1              | GPU",
        "AutoCalculateMin=true     | MinSockets=1           | SOCKET",
        "UnitType=Node             | MaxNodes=2             | NODE",
      })
  void theNumbersThatAreGivenSayTheUnit(String job, String task, Unit unit) {
    var draft = draft(job == null ? "" : job, task == null ? "" : task);

    assertThat(resolved(draft).resources().unit()).isEqualTo(unit);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void jobsOfComputeClusterServerKeepTheirNodesToThemselves(Dialect dialect) {
    assertThat(resolved(in(dialect, draft("", ""))).resources().exclusive())
        .isEqualTo(dialect == Dialect.CCS2003);
    assertThat(resolved(in(dialect, draft("IsExclusive=false", ""))).resources().exclusive())
        .isFalse();
  }

  @Test
  void theMemoryOfATaskIsStrongerThanThatOfItsProcesses() {
    var job = draft("EstimatedProcessMemory=100", "Memory=700; MinCores=4");

    assertThat(resolved(job).task(1).demand().memoryMb(4)).isEqualTo(700);
    assertThat(resolved(draft("EstimatedProcessMemory=100", "MinCores=4")).task(1).demand())
        .satisfies(demand -> assertThat(demand.memoryMb(4)).isEqualTo(400))
        .satisfies(demand -> assertThat(demand.unitsWithin(399)).isEqualTo(3));
  }

  @Test
  void aTaskNeedsAUnitOnEachNodeThatItRequires() {
    assertThat(resolved(draft("", "RequiredNodes=a,b,c")).units()).hasToString("3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MinCores=1; MinNodes=1 |  | expected one unit for the job and its tasks, but minimum and"
            + " maximum are counted in Core and Node; UnitType says which counts",
        "UnitType=Node; MinCores=1 |  | expected a minimum and maximum in the job's unit, Node, but"
            + " got MinCores",
        "UnitType=Node | MaxCores=1 | task 1: expected a minimum and maximum in the job's unit,"
            + " Node, but got MaxCores",
        "MinNodes=0 |  | MinNodes: expected at least 1 node, but got 0",
        "MinNodes=1 | MinNodes=2 | expected MinNodes of at least what the largest task needs, 2,"
            + " but got 1",
        "MaxGpus=1 | MaxGpus=2 | expected MaxGpus of at least what the largest task can use, 2, but"
            + " got 1",
        " | MinCores=1; RequiredNodes=a,b | task 1: expected MinCores of at least the 2 nodes that"
            + " are required, but got 1",
        "RequestedNodes=a | RequiredNodes=b | task 1: expected RequiredNodes among those that the"
            + " job may be given, but b is not requested",
        "ExcludedNodes=B | RequiredNodes=b | task 1: expected RequiredNodes among those that the"
            + " job may be given, but b is excluded",
        "RequestedNodes=a; ExcludedNodes=A,b | | expected RequestedNodes that are not excluded, but"
            + " all of them are",
        "ExcludedNodes=1,2,3,4,5,6,7,8,9,10,11 | | expected at most 10 ExcludedNodes, but got 11",
        "NodeGroups=g | RequestedNodeGroup=h | task 1: expected RequestedNodeGroup without the"
            + " job's NodeGroups, but got both",
        " | RequestedNodeGroup=h; RequiredNodes=a | task 1: expected RequestedNodeGroup without"
            + " RequiredNodes, but got both",
        " | IsExclusive=true | task 1: expected an exclusive task in an exclusive job, but the job"
            + " is not exclusive",
        "IsExclusive=true; AutoCalculateMax=true | IsExclusive=true | task 1: expected no"
            + " AutoCalculateMax with an exclusive task, but it is true",
        "AutoCalculateMin=true | RequiredNodes=a | task 1: expected no AutoCalculateMin with"
            + " RequiredNodes, but it is true",
        "SingleNode=true | RequiredNodes=a,b | task 1: expected one required node with SingleNode,"
            + " but got 2",
        "SingleNode=true; MinNodes=2 | | expected MinNodes of 1 with SingleNode, but got 2",
        "MinCoresPerNode=3; MaxCoresPerNode=2 | | expected MinCoresPerNode of at most"
            + " MaxCoresPerNode, but got 3 and 2",
        "MinMemory=-1 | | expected MinMemory of 0 to 2147483647, but got -1",
        "OrderBy=Cores,-Cores | | OrderBy: expected Cores, -Cores, Memory or -Memory, or one of"
            + " each with a comma between, but got 'Cores,-Cores'",
        "OrderBy=Speed | | OrderBy: expected Cores, -Cores, Memory or -Memory, or one of each with"
            + " a comma between, but got 'Speed'",
        "NodeGroupOp=Xor | | NodeGroupOp: expected Intersect, Uniform or Union, but got 'Xor'",
        "SoftwareLicense=matlab | | SoftwareLicense: expected licences as feature:amount with"
            + " commas between, but got 'matlab'",
        "SoftwareLicense=a:1,a:2 | | SoftwareLicense: expected each feature once, but a comes"
            + " twice",
      })
  void whatContradictsItselfIsRefused(String job, String task, String message) {
    var draft = draft(job == null ? "" : job, task == null ? "" : task);

    assertThat(JobSpec.resolve(draft))
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refused -> assertThat(refused.refusal().message()).isEqualTo(message));
  }

  // Which nodes.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                  | true",
        "RequestedNodes=n1,n2              | true",
        "RequestedNodes=N1                 | true",
        "RequestedNodes=n2                 | false",
        "ExcludedNodes=n1                  | false",
        "NodeGroups=a                      | true",
        "NodeGroups=A,b                    | true",
        "NodeGroups=a,c                    | false",
        "NodeGroups=a,c; NodeGroupOp=Union | true",
        "NodeGroups=c,d; NodeGroupOp=Union | false",
        "NodeGroups=c,b; NodeGroupOp=Uniform | true",
        "MinCoresPerNode=8                 | true",
        "MinCoresPerNode=9                 | false",
        "MaxCoresPerNode=7                 | false",
        "MinMemory=1000; MaxMemory=1000    | true",
        "MinMemory=1001                    | false",
        "MaxMemory=999                     | false",
      })
  void aJobIsGivenCandidatesAlone(String job, boolean candidate) {
    var node = new NodeTraits("n1", List.of("a", "b"), Topology.flat(8), 1000);

    assertThat(resolved(draft(job == null ? "" : job, "")).resources().nodes().admits(node))
        .isEqualTo(candidate);
  }

  // Units of a node.

  @Test
  void coresComeFromOneSocketWhereOneHasAsMany() {
    var node = Topology.even(8, 2, 0);
    var free = new Parts(CoreSet.first(8).minus(CoreSet.first(1)), CoreSet.EMPTY);

    assertThat(node.take(Unit.CORE, 3, free)).hasToString("1-3");
    assertThat(node.take(Unit.CORE, 4, free)).hasToString("4-7");
    assertThat(node.take(Unit.CORE, 6, free)).hasToString("1-2,4-7");
    assertThat(node.take(Unit.CORE, 0, free)).isEqualTo(Parts.NONE);
  }

  @Test
  void unitsAreWhole() {
    var node = Topology.even(8, 2, 2);
    var busy = new Parts(CoreSet.ofWords(0b100), CoreSet.first(1));
    var free = node.all().minus(busy);

    assertThat(node.count(Unit.CORE, free)).isEqualTo(7);
    assertThat(node.count(Unit.SOCKET, free)).isEqualTo(1);
    assertThat(node.count(Unit.NODE, free)).isZero();
    assertThat(node.count(Unit.GPU, free)).isEqualTo(1);
    assertThat(node.take(Unit.SOCKET, 1, free)).hasToString("4-7");
    assertThat(node.take(Unit.GPU, 1, free)).hasToString("4-7 gpu 1");
    assertThat(node.take(Unit.NODE, 1, node.all())).isEqualTo(node.all());
  }

  @Test
  void coresAreDividedEvenlyAmongSockets() {
    assertThat(Topology.even(7, 3, 0).sockets())
        .map(CoreSet::toString)
        .containsExactly("0-1", "2-3", "4-6");
    assertThat(Topology.even(2, 3, 0).sockets()).hasSize(2);
  }

  private static JobDraft draft(String job) {
    return draft(job, "");
  }

  /// A job of one task, each with properties as `NAME=VALUE; …`.
  private static JobDraft draft(String job, String task) {
    var taskDraft = TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "a");
    for (var setting : settings(task)) {
      taskDraft = taskDraft.with(property(TaskProperty.values(), setting[0]), setting[1]);
    }
    var draft = JobDraft.EMPTY.plus(taskDraft);
    for (var setting : settings(job)) {
      draft = draft.with(property(JobProperty.values(), setting[0]), setting[1]);
    }
    return draft;
  }

  private static List<String[]> settings(String text) {
    return text.lines()
        .flatMap(line -> List.of(line.split(";", -1)).stream())
        .filter(setting -> !setting.isBlank())
        .map(setting -> setting.strip().split("=", 2))
        .toList();
  }

  private static <P extends Property> P property(P[] all, String name) {
    for (var property : all) {
      if (property.modelName().equals(name)) {
        return property;
      }
    }
    throw new AssertionError(name);
  }

  private static JobDraft in(Dialect dialect, JobDraft draft) {
    return new JobDraft(
        dialect, draft.properties(), draft.environment(), draft.unknown(), draft.tasks());
  }

  private static JobSpec resolved(JobDraft draft) {
    return JobSpec.resolve(draft).orElseThrow();
  }
}
