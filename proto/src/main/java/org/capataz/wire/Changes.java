package org.capataz.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import org.capataz.model.JobChange;
import org.capataz.model.JobProperty;
import org.capataz.model.Result;
import org.capataz.model.TaskChange;
import org.capataz.model.TaskProperty;

/// Changes of jobs, to and from their messages. The same bytes are sent and stored.
public final class Changes {

  private Changes() {}

  public static org.capataz.proto.v1.JobChange toMessage(JobChange change) {
    var message =
        org.capataz.proto.v1.JobChange.newBuilder()
            .addAllEnvironment(Drafts.variables(change.environment()))
            .addAllCustomProperties(Drafts.variables(change.customProperties()));
    change.properties().forEach((key, text) -> message.putProperties(key.modelName(), text));
    change.tasks().forEach((number, task) -> message.putTasks(number, toMessage(task)));
    return message.build();
  }

  private static org.capataz.proto.v1.TaskChange toMessage(TaskChange change) {
    var message =
        org.capataz.proto.v1.TaskChange.newBuilder()
            .addAllEnvironment(Drafts.variables(change.environment()))
            .addAllCustomProperties(Drafts.variables(change.customProperties()));
    change.properties().forEach((key, text) -> message.putProperties(key.modelName(), text));
    return message.build();
  }

  /// Reads a change that a client sent. A property that this version does not know is refused.
  public static Result<JobChange> ofMessage(org.capataz.proto.v1.JobChange message) {
    var tasks = new HashMap<Integer, TaskChange>();
    for (var entry : message.getTasksMap().entrySet()) {
      switch (ofMessage(entry.getValue())) {
        case Result.Ok<TaskChange>(var change) -> tasks.put(entry.getKey(), change);
        case Result.Refused<TaskChange>(var refusal) -> {
          return Result.refused(refusal.in("task " + entry.getKey()));
        }
      }
    }
    return Drafts.properties(message.getPropertiesMap(), JobProperty.values(), JobProperty.class)
        .then(
            properties ->
                Result.ok(
                    new JobChange(
                        properties,
                        Drafts.environment(message.getEnvironmentList()),
                        Drafts.environment(message.getCustomPropertiesList()),
                        tasks)));
  }

  private static Result<TaskChange> ofMessage(org.capataz.proto.v1.TaskChange message) {
    return Drafts.properties(message.getPropertiesMap(), TaskProperty.values(), TaskProperty.class)
        .then(
            properties ->
                Result.ok(
                    new TaskChange(
                        properties,
                        Drafts.environment(message.getEnvironmentList()),
                        Drafts.environment(message.getCustomPropertiesList()))));
  }

  public static byte[] toBytes(JobChange change) {
    return toMessage(change).toByteArray();
  }

  /// Reads what [#toBytes] wrote.
  ///
  /// @throws IllegalStateException if the bytes are damaged or come from a newer version
  public static JobChange ofBytes(byte[] bytes) {
    try {
      return ofMessage(org.capataz.proto.v1.JobChange.parseFrom(bytes)).orElseThrow();
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException("expected a stored change, but it is damaged", damaged);
    }
  }
}
