package org.capataz.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Property;
import org.capataz.model.Result;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.Text;
import org.capataz.proto.v1.Variable;

/// Jobs as people write them, to and from their messages. The same bytes are sent and stored.
public final class Drafts {

  private Drafts() {}

  public static org.capataz.proto.v1.JobDraft toMessage(JobDraft draft) {
    var message =
        org.capataz.proto.v1.JobDraft.newBuilder()
            .setDialect(draft.dialect().number())
            .addAllEnvironment(variables(draft.environment()))
            .putAllUnknown(draft.unknown())
            .addAllCustomProperties(variables(draft.customProperties()));
    draft.properties().forEach((key, text) -> message.putProperties(key.modelName(), text));
    draft.tasks().forEach(task -> message.addTasks(toMessage(task)));
    return message.build();
  }

  public static org.capataz.proto.v1.TaskDraft toMessage(TaskDraft draft) {
    var message =
        org.capataz.proto.v1.TaskDraft.newBuilder()
            .addAllEnvironment(variables(draft.environment()))
            .addAllAxes(draft.axes().stream().map(Drafts::toMessage).toList())
            .putAllUnknown(draft.unknown())
            .addAllCustomProperties(variables(draft.customProperties()));
    draft.properties().forEach((key, text) -> message.putProperties(key.modelName(), text));
    return message.build();
  }

  /// Reads a draft that a client sent. A property that this version does not know is refused: it
  /// would be without effect.
  public static Result<JobDraft> ofMessage(org.capataz.proto.v1.JobDraft message) {
    if (message.getDialect() < 0 || message.getDialect() >= Dialect.values().length) {
      return Result.invalid("expected a known dialect, but got " + message.getDialect());
    }
    var tasks = new ArrayList<TaskDraft>(message.getTasksCount());
    for (var task : message.getTasksList()) {
      switch (ofMessage(task)) {
        case Result.Ok<TaskDraft>(var draft) -> tasks.add(draft);
        case Result.Refused<TaskDraft>(var refusal) -> {
          return Result.refused(refusal.in("task " + (tasks.size() + 1)));
        }
      }
    }
    return properties(message.getPropertiesMap(), JobProperty.values(), JobProperty.class)
        .then(
            properties ->
                Result.ok(
                    new JobDraft(
                        Dialect.ofNumber(message.getDialect()),
                        properties,
                        environment(message.getEnvironmentList()),
                        message.getUnknownMap(),
                        tasks,
                        environment(message.getCustomPropertiesList()))));
  }

  public static Result<TaskDraft> ofMessage(org.capataz.proto.v1.TaskDraft message) {
    return properties(message.getPropertiesMap(), TaskProperty.values(), TaskProperty.class)
        .then(
            properties ->
                Result.ok(
                    new TaskDraft(
                        properties,
                        environment(message.getEnvironmentList()),
                        message.getUnknownMap(),
                        message.getAxesList().stream().map(Drafts::ofMessage).toList(),
                        environment(message.getCustomPropertiesList()))));
  }

  private static org.capataz.proto.v1.SweepAxis toMessage(SweepAxis axis) {
    var message = org.capataz.proto.v1.SweepAxis.newBuilder();
    return switch (axis) {
      case SweepAxis.Lines(var values) -> message.addAllValues(values).build();
      case SweepAxis.Listed(var name, var list) -> message.addNames(name).setList(list).build();
      case SweepAxis.Rows(var names, var cells) ->
          message.addAllNames(names).addAllValues(cells).build();
    };
  }

  private static SweepAxis ofMessage(org.capataz.proto.v1.SweepAxis message) {
    if (message.hasList()) {
      return new SweepAxis.Listed(String.join(",", message.getNamesList()), message.getList());
    }
    return message.getNamesCount() == 0
        ? new SweepAxis.Lines(message.getValuesList())
        : new SweepAxis.Rows(message.getNamesList(), message.getValuesList());
  }

  public static byte[] toBytes(JobDraft draft) {
    return toMessage(draft).toByteArray();
  }

  /// Reads what [#toBytes] wrote.
  ///
  /// @throws IllegalStateException if the bytes are damaged or come from a newer version
  public static JobDraft ofBytes(byte[] bytes) {
    try {
      return ofMessage(org.capataz.proto.v1.JobDraft.parseFrom(bytes)).orElseThrow();
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException("expected a stored job, but it is damaged", damaged);
    }
  }

  public static List<Variable> variables(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(v -> Variable.newBuilder().setName(v.getKey()).setValue(v.getValue()).build())
        .toList();
  }

  public static Map<String, String> environment(Collection<Variable> variables) {
    var environment = new LinkedHashMap<String, String>();
    variables.forEach(variable -> environment.put(variable.getName(), variable.getValue()));
    return environment;
  }

  static <P extends Enum<P> & Property> Result<Map<P, String>> properties(
      Map<String, String> given, P[] catalogue, Class<P> type) {
    var properties = new EnumMap<P, String>(type);
    for (var property : catalogue) {
      var text = given.get(property.modelName());
      if (text != null) {
        properties.put(property, text);
      }
    }
    if (properties.size() < given.size()) {
      var unknown =
          given.keySet().stream()
              .filter(
                  name -> properties.keySet().stream().noneMatch(p -> p.modelName().equals(name)))
              .findFirst()
              .orElseThrow();
      return Result.invalid(
          "expected a property of this version, but got '" + Text.shown(unknown) + "'");
    }
    return Result.ok(properties);
  }
}
