package org.capataz.cli;

import static org.capataz.cli.output.Column.elapsed;
import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.number;
import static org.capataz.cli.output.Column.state;
import static org.capataz.cli.output.Column.text;
import static org.capataz.cli.output.Column.time;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.capataz.cli.output.Column;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.InstanceStatus;
import org.capataz.client.TaskDetail;
import org.capataz.client.TaskStatus;
import org.capataz.model.TaskProperty;

/// What is shown of a task, and of one instance of it. Both are listed as tasks, for both are what
/// a person calls one.
final class TaskNoun {

  static final Noun<TaskStatus> TASK =
      new Noun<>(
          "tasks",
          TaskNoun::id,
          List.of(
              new Field<>("id", task -> Value.of(id(task))),
              new Field<>("jobId", task -> Value.of(task.job())),
              new Field<>("taskId", task -> Value.of(task.task())),
              new Field<>("name", task -> Value.of(task.name())),
              new Field<>("type", task -> Value.of(task.kind().toString())),
              new Field<>("commandLine", task -> Value.of(task.commandLine())),
              new Field<>("state", task -> Value.of(task.state().toString())),
              new Field<>("exitCode", task -> Value.of(exitCode(task))),
              new Field<>("node", task -> Value.ofText(node(task))),
              new Field<>("message", task -> Value.ofText(message(task))),
              new Field<>("startTime", task -> Value.ofTime(task.startTime())),
              new Field<>("endTime", task -> Value.ofTime(task.endTime())),
              new Field<>("taskCounts.queued", task -> Value.of(task.taskCounts().queued())),
              new Field<>("taskCounts.running", task -> Value.of(task.taskCounts().running())),
              new Field<>("taskCounts.finished", task -> Value.of(task.taskCounts().finished())),
              new Field<>("taskCounts.failed", task -> Value.of(task.taskCounts().failed())),
              new Field<>("taskCounts.canceled", task -> Value.of(task.taskCounts().canceled())),
              new Field<>("taskCounts.total", task -> Value.of(task.taskCounts().total()))),
          List.of(
              key("ID", TaskNoun::id),
              state("STATE", TaskStatus::state),
              text("NAME", TaskStatus::name),
              number("ENDED", task -> task.taskCounts().ended() + "/" + task.taskCounts().total()),
              number("EXIT", task -> shown(exitCode(task))),
              key("NODE", TaskNoun::node),
              elapsed("TIME", TaskStatus::startTime, TaskStatus::endTime),
              text("COMMAND", TaskStatus::commandLine)),
          List.of(
              key("ID", TaskNoun::id),
              text("Name", TaskStatus::name),
              key("Type", task -> task.hasInstances() ? task.kind().toString() : ""),
              state("State", TaskStatus::state),
              text("Message", TaskNoun::message),
              text("Command", TaskStatus::commandLine),
              key("Instances", task -> task.hasInstances() ? JobNoun.shown(task.taskCounts()) : ""),
              key("Exit code", task -> shown(exitCode(task))),
              key("Node", TaskNoun::node),
              time("Started", TaskStatus::startTime),
              time("Ended", TaskStatus::endTime),
              elapsed("Time", TaskStatus::startTime, TaskStatus::endTime),
              key(
                  "Memory limit",
                  task -> task.onlyInstance().map(TaskNoun::memoryLimit).orElse("")),
              key("Memory", task -> task.onlyInstance().map(TaskNoun::memory).orElse(""))));

  static final Noun<InstanceStatus> INSTANCE =
      new Noun<>(
          "tasks",
          instance -> instance.id().toString(),
          List.of(
              new Field<>("id", instance -> Value.of(instance.id().toString())),
              new Field<>("jobId", instance -> Value.of(instance.id().job())),
              new Field<>("taskId", instance -> Value.of(instance.id().task())),
              new Field<>("instanceId", instance -> Value.of(instance.id().instance())),
              new Field<>("parameters", TaskNoun::parameters),
              new Field<>("state", instance -> Value.of(instance.state().toString())),
              new Field<>("exitCode", instance -> Value.of(instance.exitCode())),
              new Field<>("node", instance -> Value.ofText(instance.node())),
              new Field<>("message", instance -> Value.ofText(instance.message())),
              new Field<>("startTime", instance -> Value.ofTime(instance.startTime())),
              new Field<>("endTime", instance -> Value.ofTime(instance.endTime())),
              new Field<>("attempt", instance -> Value.of(instance.attempt())),
              new Field<>("cores", instance -> Value.of(instance.cores())),
              new Field<>("memoryLimitMb", instance -> Value.of(instance.memoryLimitMb())),
              new Field<>("userMillis", instance -> Value.of(instance.usage().user().toMillis())),
              new Field<>(
                  "systemMillis", instance -> Value.of(instance.usage().system().toMillis())),
              new Field<>("maxRssKib", instance -> Value.of(instance.usage().maxRssKib())),
              new Field<>("errorTail", instance -> Value.ofText(instance.errorTail()))),
          List.of(
              key("ID", instance -> instance.id().toString()),
              state("STATE", InstanceStatus::state),
              number("EXIT", instance -> shown(instance.exitCode())),
              key("NODE", InstanceStatus::node),
              number("ATTEMPT", InstanceStatus::attempt),
              elapsed("TIME", InstanceStatus::startTime, InstanceStatus::endTime),
              text("PARAMETERS", instance -> parameters(instance).text()),
              text("MESSAGE", InstanceStatus::message)),
          List.of(
              key("ID", instance -> instance.id().toString()),
              text("Parameters", instance -> parameters(instance).text()),
              state("State", InstanceStatus::state),
              text("Message", InstanceStatus::message),
              key("Exit code", instance -> shown(instance.exitCode())),
              key("Node", InstanceStatus::node),
              number("Cores", InstanceStatus::cores),
              number("Attempt", InstanceStatus::attempt),
              time("Started", InstanceStatus::startTime),
              time("Ended", InstanceStatus::endTime),
              elapsed("Time", InstanceStatus::startTime, InstanceStatus::endTime),
              key("Memory limit", TaskNoun::memoryLimit),
              key("CPU time", TaskNoun::cpuTime),
              key("Memory", TaskNoun::memory),
              text("Last errors", instance -> instance.errorTail().strip())));

  /// A task and what was written for it, by the names of the property catalogue.
  static final Noun<TaskDetail> DETAIL =
      new Noun<>(
          "tasks",
          detail -> id(detail.status()),
          fieldsOfDetail(),
          TASK.columns().stream().map(column -> of(column, TaskDetail::status)).toList(),
          columnsOfDetail());

  private TaskNoun() {}

  private static Value.Pairs parameters(InstanceStatus instance) {
    return new Value.Pairs(instance.parameters());
  }

  private static List<Field<TaskDetail>> fieldsOfDetail() {
    var fields = new ArrayList<Field<TaskDetail>>();
    for (var field : TASK.fields()) {
      fields.add(new Field<>(field.name(), detail -> field.value().apply(detail.status())));
    }
    for (var property : TaskProperty.values()) {
      var name = lowerCamel(property.modelName());
      // The type is among the fields already, and says what its older form does.
      if (property != TaskProperty.IS_PARAMETRIC
          && fields.stream().noneMatch(field -> field.name().equals(name))) {
        fields.add(
            new Field<>(
                name, detail -> detail.draft().get(property).map(Value::of).orElse(Value.NONE)));
      }
    }
    return fields;
  }

  private static List<Column<TaskDetail>> columnsOfDetail() {
    var columns = new ArrayList<Column<TaskDetail>>();
    TASK.details().forEach(column -> columns.add(of(column, TaskDetail::status)));
    for (var property :
        List.of(
            TaskProperty.DEPENDS_ON,
            TaskProperty.WORK_DIRECTORY,
            TaskProperty.STD_IN_FILE_PATH,
            TaskProperty.STD_OUT_FILE_PATH,
            TaskProperty.STD_ERR_FILE_PATH)) {
      columns.add(text(property.modelName(), detail -> detail.draft().get(property).orElse("")));
    }
    return columns;
  }

  private static <T, U> Column<T> of(Column<U> column, Function<T, U> part) {
    return new Column<>(
        column.heading(), column.kind(), (item, now) -> column.text().apply(part.apply(item), now));
  }

  static String lowerCamel(String name) {
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /// One sentence on how a task is.
  static String sentence(TaskStatus task) {
    return "Task " + id(task) + ": " + task.state();
  }

  private static String id(TaskStatus task) {
    return task.job() + "." + task.task();
  }

  private static OptionalInt exitCode(TaskStatus task) {
    return task.onlyInstance().map(InstanceStatus::exitCode).orElse(OptionalInt.empty());
  }

  private static String node(TaskStatus task) {
    return task.onlyInstance().map(InstanceStatus::node).orElse("");
  }

  private static String message(TaskStatus task) {
    return task.onlyInstance().map(InstanceStatus::message).orElse("");
  }

  private static String shown(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "";
  }

  private static String cpuTime(InstanceStatus instance) {
    var usage = instance.usage();
    return usage.maxRssKib() == 0
        ? ""
        : usage.user().toMillis() / 1000.0
            + "s user, "
            + usage.system().toMillis() / 1000.0
            + "s system";
  }

  private static String memoryLimit(InstanceStatus instance) {
    return instance.memoryLimitMb() == 0 ? "" : instance.memoryLimitMb() + " MB";
  }

  private static String memory(InstanceStatus instance) {
    var kib = instance.usage().maxRssKib();
    return kib == 0 ? "" : (kib + 1023) / 1024 + " MB at most";
  }
}
