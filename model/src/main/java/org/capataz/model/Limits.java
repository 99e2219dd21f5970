package org.capataz.model;

/// The sizes beyond which input is refused. They bound what one request can cost the head node;
/// each is far above what the original allowed (`CommandLine` 480, names 80).
public final class Limits {

  /// Characters of a job, task, node or group name.
  public static final int NAME = 128;

  /// Characters of a command line: what Linux takes as one argument of `/bin/sh -c`.
  public static final int COMMAND_LINE = 128 * 1024 - 1;

  /// Characters of a message that goes with a request.
  public static final int MESSAGE = 4095;

  /// Characters of a path.
  public static final int PATH = 4095;

  /// Characters of one environment variable or sweep value.
  public static final int VALUE = 128 * 1024 - 1;

  /// Characters of all environment variables of a job or of a task together.
  public static final int ENVIRONMENT = 1024 * 1024;

  /// Tasks of one job; a sweep is one task.
  public static final int TASKS = 100_000;

  /// Jobs that one job waits for.
  public static final int PARENTS = 1000;

  /// Instances of one sweep: the original's limit times ten.
  public static final int INSTANCES = 10_000_000;

  /// Ranges of the indexes of one sweep.
  public static final int SWEEP_RANGES = 1000;

  /// Named parameters of one sweep.
  public static final int SWEEP_NAMES = 256;

  /// Characters of all values of one axis of a sweep together.
  public static final int SWEEP_VALUES = 32 * 1024 * 1024;

  /// Bytes of one job, as a file or as a message.
  public static final int JOB_BYTES = 48 * 1024 * 1024;

  /// Cores of one node.
  public static final int CORES = 8192;

  /// GPUs of one node.
  public static final int GPUS = 1024;

  /// Nodes that one job may exclude: the model's ExcludedNodesLimit.
  public static final int EXCLUDED_NODES = 10;

  private Limits() {}
}
