package org.capataz.model;

import java.util.Arrays;
import java.util.Optional;

/// What a job and its tasks count their minimum and maximum in.
public enum Unit {
  CORE(
      "Core",
      "core",
      JobProperty.MIN_CORES,
      JobProperty.MAX_CORES,
      TaskProperty.MIN_CORES,
      TaskProperty.MAX_CORES),
  /// All cores of a socket.
  SOCKET(
      "Socket",
      "socket",
      JobProperty.MIN_SOCKETS,
      JobProperty.MAX_SOCKETS,
      TaskProperty.MIN_SOCKETS,
      TaskProperty.MAX_SOCKETS),
  /// All cores and GPUs of a node.
  NODE(
      "Node",
      "node",
      JobProperty.MIN_NODES,
      JobProperty.MAX_NODES,
      TaskProperty.MIN_NODES,
      TaskProperty.MAX_NODES),
  /// A GPU, with its share of the node's cores.
  GPU(
      "Gpu",
      "GPU",
      JobProperty.MIN_GPUS,
      JobProperty.MAX_GPUS,
      TaskProperty.MIN_GPUS,
      TaskProperty.MAX_GPUS);

  private final String modelName;
  private final String word;
  private final JobProperty jobMin;
  private final JobProperty jobMax;
  private final TaskProperty taskMin;
  private final TaskProperty taskMax;

  Unit(
      String modelName,
      String word,
      JobProperty jobMin,
      JobProperty jobMax,
      TaskProperty taskMin,
      TaskProperty taskMax) {
    this.modelName = modelName;
    this.word = word;
    this.jobMin = jobMin;
    this.jobMax = jobMax;
    this.taskMin = taskMin;
    this.taskMax = taskMax;
  }

  /// Reads the model's name, in any case.
  public static Result<Unit> parse(String text) {
    for (var unit : values()) {
      if (unit.modelName.equalsIgnoreCase(text.strip())) {
        return Result.ok(unit);
      }
    }
    return Result.invalid(
        "expected the unit Core, Socket, Node or Gpu, but got '" + Text.shown(text) + "'");
  }

  /// The unit that a minimum or maximum of a job or task is counted in; empty if the property is
  /// none.
  static Optional<Unit> of(Property property) {
    return Arrays.stream(values())
        .filter(
            unit ->
                property == unit.jobMin
                    || property == unit.jobMax
                    || property == unit.taskMin
                    || property == unit.taskMax)
        .findFirst();
  }

  public String modelName() {
    return modelName;
  }

  public JobProperty jobMin() {
    return jobMin;
  }

  public JobProperty jobMax() {
    return jobMax;
  }

  public TaskProperty taskMin() {
    return taskMin;
  }

  public TaskProperty taskMax() {
    return taskMax;
  }

  /// A number of them in words: `1 core`, `4 sockets`.
  public String count(long number) {
    return number + " " + (number == 1 ? word : word + "s");
  }
}
