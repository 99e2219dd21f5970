package org.capataz.model;

import static org.capataz.model.JobResolver.accepted;
import static org.capataz.model.JobResolver.at;
import static org.capataz.model.JobResolver.invalid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Works out what a job and its tasks are to hold. Throws [JobResolver.Refusing] where that cannot
/// be.
final class ResourceResolver {

  private final JobDraft draft;
  private final Unit unit;

  ResourceResolver(JobDraft draft) {
    this.draft = draft;
    this.unit = accepted("", unitOf(draft));
    if (draft.dialect() == Dialect.CAPATAZ) {
      refuseOtherUnits(draft.properties().keySet(), "");
    }
  }

  /// The unit that is named; in files of Microsoft's else Core. Ours may leave it to the numbers
  /// that are given.
  static Result<Unit> unitOf(JobDraft draft) {
    var named = draft.get(JobProperty.UNIT_TYPE);
    if (named.isPresent()) {
      return Unit.parse(named.get()).in("UnitType");
    }
    if (draft.dialect() != Dialect.CAPATAZ) {
      return Result.ok(Unit.CORE);
    }
    var used = EnumSet.noneOf(Unit.class);
    Stream.<Property>concat(
            draft.properties().keySet().stream(),
            draft.tasks().stream().flatMap(task -> task.properties().keySet().stream()))
        .forEach(property -> Unit.of(property).ifPresent(used::add));
    return used.size() > 1
        ? Result.invalid(
            "expected one unit for the job and its tasks, but minimum and maximum are counted in "
                + String.join(" and ", used.stream().map(Unit::modelName).toList())
                + "; UnitType says which counts")
        : Result.ok(used.isEmpty() ? Unit.CORE : used.iterator().next());
  }

  /// HPC Pack leaves numbers of other units aside without a word.
  private void refuseOtherUnits(Collection<? extends Property> given, String place) {
    for (var property : given) {
      var other = Unit.of(property).orElse(unit);
      if (other != unit) {
        throw invalid(
            at(place)
                + "expected a minimum and maximum in the job's unit, "
                + unit.modelName()
                + ", but got "
                + property.modelName());
      }
    }
  }

  // Tasks.

  Demand demand(TaskDraft task, long runtimeSeconds, String place) {
    if (draft.dialect() == Dialect.CAPATAZ) {
      refuseOtherUnits(task.properties().keySet(), place);
    }
    var nodes =
        new Demand.Nodes(
            NodeFilter.names(names(task.get(TaskProperty.REQUIRED_NODES).orElse(""))),
            task.get(TaskProperty.REQUESTED_NODE_GROUP).orElse("").strip(),
            task.get(TaskProperty.IS_EXCLUSIVE).map(JobResolver::isTrue).orElse(false));
    var memory = task.get(TaskProperty.MEMORY);
    return new Demand(
        span(task, nodes.required().size(), place),
        memory.map(text -> megabytes("Memory", text, place)).orElse(0),
        memory.isPresent() ? 0 : megabytes(JobProperty.ESTIMATED_PROCESS_MEMORY),
        nodes,
        runtimeSeconds);
  }

  private Span span(TaskDraft task, int requiredNodes, String place) {
    var minName = unit.taskMin().modelName();
    var maxName = unit.taskMax().modelName();
    var min = task.get(unit.taskMin()).map(text -> count(minName, text, place));
    var max = task.get(unit.taskMax()).map(text -> count(maxName, text, place));
    // One alone stands for both as far as it must: MaxCores="4" alone runs on 1 to 4 cores.
    int low = min.orElse(Math.max(1, requiredNodes));
    int high = max.orElse(low);
    if (low > high) {
      throw invalid(
          at(place)
              + "expected "
              + minName
              + " of at most "
              + maxName
              + ", but got "
              + low
              + " and "
              + high);
    }
    if (low < requiredNodes) {
      throw invalid(
          at(place)
              + "expected "
              + minName
              + " of at least the "
              + requiredNodes
              + " nodes that are required, but got "
              + low);
    }
    return new Span(low, high);
  }

  // The job.

  /// The job's units: as given, or the largest task minimum and what all tasks could use at once.
  Span units(List<TaskSpec> tasks) {
    var neededMin = 1;
    var neededMax = 1;
    var couldUse = 0L;
    for (var task : tasks) {
      var span = task.demand().units();
      neededMin = Math.max(neededMin, span.min());
      neededMax = Math.max(neededMax, span.max());
      couldUse = Math.min(Integer.MAX_VALUE, couldUse + (long) span.max() * most(task));
    }
    var min = given(unit.jobMin(), JobProperty.AUTO_CALCULATE_MIN, Unit::jobMin);
    var max = given(unit.jobMax(), JobProperty.AUTO_CALCULATE_MAX, Unit::jobMax);
    var minName = unit.jobMin().modelName();
    var maxName = unit.jobMax().modelName();
    if (min != null && max != null && min > max) {
      throw invalid(
          "expected " + minName + " of at most " + maxName + ", but got " + min + " and " + max);
    }
    if (min != null && min < neededMin) {
      throw invalid(
          "expected "
              + minName
              + " of at least what the largest task needs, "
              + neededMin
              + ", but got "
              + min);
    }
    if (max != null && max < neededMax) {
      throw invalid(
          "expected "
              + maxName
              + " of at least what the largest task can use, "
              + neededMax
              + ", but got "
              + max);
    }
    var resolvedMin = min != null ? min : neededMin;
    var resolvedMax = max != null ? max : (int) Math.max(resolvedMin, couldUse);
    return new Span(resolvedMin, resolvedMax);
  }

  /// How many runs of a task that does the job's work there can be at once.
  private static int most(TaskSpec task) {
    return task.kind() == TaskKind.SERVICE ? Integer.MAX_VALUE : task.sweep().count();
  }

  /// The number of a minimum or maximum, or null where it is to be worked out: by default exactly
  /// where none is given, in any unit.
  private @Nullable Integer given(
      JobProperty number, JobProperty automatic, Function<Unit, JobProperty> each) {
    var isGiven = Arrays.stream(Unit.values()).map(each).anyMatch(draft.properties()::containsKey);
    if (flag(automatic, !isGiven)) {
      return null;
    }
    return draft.get(number).map(text -> count(number.modelName(), text, "")).orElse(1);
  }

  Resources resources(List<TaskSpec> tasks, Span units) {
    var resources =
        new Resources(
            unit,
            filter(),
            accepted("OrderBy", NodeOrder.parse(draft.get(JobProperty.ORDER_BY).orElse(""))),
            flag(JobProperty.SINGLE_NODE, false),
            flag(JobProperty.IS_EXCLUSIVE, draft.dialect().isExclusive()),
            licences(units));
    if (resources.singleNode() && unit == Unit.NODE && units.min() > 1) {
      throw invalid("expected MinNodes of 1 with SingleNode, but got " + units.min());
    }
    for (var task : tasks) {
      check(resources, task);
    }
    return resources.equals(Resources.ANY) ? Resources.ANY : resources;
  }

  private NodeFilter filter() {
    var excluded = names(JobProperty.EXCLUDED_NODES);
    var filter =
        new NodeFilter(
            NodeFilter.names(names(JobProperty.REQUESTED_NODES)),
            NodeFilter.names(excluded),
            names(JobProperty.NODE_GROUPS),
            accepted(
                "NodeGroupOp",
                NodeFilter.GroupOp.parse(draft.get(JobProperty.NODE_GROUP_OP).orElse("Intersect"))),
            bounds(JobProperty.MIN_CORES_PER_NODE, JobProperty.MAX_CORES_PER_NODE),
            bounds(JobProperty.MIN_MEMORY, JobProperty.MAX_MEMORY));
    if (filter.excluded().size() > Limits.EXCLUDED_NODES) {
      throw invalid(
          "expected at most "
              + Limits.EXCLUDED_NODES
              + " ExcludedNodes, but got "
              + filter.excluded().size());
    }
    if (!filter.requested().isEmpty() && filter.excluded().containsAll(filter.requested())) {
      throw invalid("expected RequestedNodes that are not excluded, but all of them are");
    }
    return filter;
  }

  private NodeFilter.Bounds bounds(JobProperty min, JobProperty max) {
    var low = megabytes(min);
    var high = draft.get(max).isPresent() ? megabytes(max) : Integer.MAX_VALUE;
    if (low > high) {
      throw invalid(
          "expected "
              + min.modelName()
              + " of at most "
              + max.modelName()
              + ", but got "
              + low
              + " and "
              + high);
    }
    return new NodeFilter.Bounds(low, high);
  }

  /// What a task asks for of nodes has to go with what its job does.
  private void check(Resources job, TaskSpec task) {
    var nodes = task.demand().nodes();
    var place = JobResolver.place(task.number(), task.name());
    if (!nodes.group().isEmpty()
        && (!job.nodes().groups().isEmpty() || !nodes.required().isEmpty())) {
      throw invalid(
          place
              + ": expected RequestedNodeGroup without "
              + (nodes.required().isEmpty() ? "the job's NodeGroups" : "RequiredNodes")
              + ", but got both");
    }
    for (var node : nodes.required()) {
      var requested = job.nodes().requested();
      if (job.nodes().excluded().contains(node)
          || !(requested.isEmpty() || requested.contains(node))) {
        throw invalid(
            place
                + ": expected RequiredNodes among those that the job may be given, but "
                + Text.shown(node)
                + (job.nodes().excluded().contains(node) ? " is excluded" : " is not requested"));
      }
    }
    if (job.singleNode() && nodes.required().size() > 1) {
      throw invalid(
          place
              + ": expected one required node with SingleNode, but got "
              + nodes.required().size());
    }
    if (nodes.exclusive() && !job.exclusive()) {
      throw invalid(
          place + ": expected an exclusive task in an exclusive job, but the job is not exclusive");
    }
    if (nodes.exclusive() || !nodes.required().isEmpty()) {
      for (var automatic :
          List.of(JobProperty.AUTO_CALCULATE_MIN, JobProperty.AUTO_CALCULATE_MAX)) {
        if (flag(automatic, false)) {
          throw invalid(
              place
                  + ": expected no "
                  + automatic.modelName()
                  + " with "
                  + (nodes.exclusive() ? "an exclusive task" : "RequiredNodes")
                  + ", but it is true");
        }
      }
    }
  }

  private Map<String, Integer> licences(Span units) {
    var given =
        accepted(
            "SoftwareLicense", Licences.parse(draft.get(JobProperty.SOFTWARE_LICENSE).orElse("")));
    var amounts = new LinkedHashMap<String, Integer>();
    given.forEach((feature, amount) -> amounts.put(feature, amount.orElse(units.min())));
    return amounts;
  }

  // Single values.

  private List<String> names(JobProperty property) {
    return names(draft.get(property).orElse(""));
  }

  private static List<String> names(String list) {
    var names = new ArrayList<String>();
    for (var name : list.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }

  private boolean flag(JobProperty property, boolean otherwise) {
    return draft.get(property).map(JobResolver::isTrue).orElse(otherwise);
  }

  private int megabytes(JobProperty property) {
    return draft.get(property).map(text -> megabytes(property.modelName(), text, "")).orElse(0);
  }

  private static int megabytes(String property, String text, String place) {
    var number = JobResolver.whole(text);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw invalid(
          at(place)
              + "expected "
              + property
              + " of 0 to "
              + Integer.MAX_VALUE
              + ", but got "
              + number);
    }
    return (int) number;
  }

  private int count(String property, String text, String place) {
    var count = JobResolver.whole(text);
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw invalid(
          at(place) + property + ": expected at least " + unit.count(1) + ", but got " + count);
    }
    return (int) count;
  }
}
