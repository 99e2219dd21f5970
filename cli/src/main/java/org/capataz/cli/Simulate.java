package org.capataz.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Declared here for help and completion; the launcher starts the simulator's own program.
@Command(
    name = "simulate",
    description = {
      "Plays a recorded load through the scheduler of the head node, in virtual time, and tells how"
          + " long its jobs waited. Needs no cluster.",
      "",
      "The load is a file in the Standard Workload Format of the Parallel Workloads Archive, packed"
          + " with gzip or not."
    },
    footer = {
      "",
      "Examples:",
      "  capataz simulate trace.swf.gz",
      "  capataz simulate trace.swf --policy fcfs,easy,conservative",
      "  capataz simulate trace.swf --order sjf,wfp3 --guard 86400 -o json",
      "  capataz simulate trace.swf --policy easy-sjbf --procs 128 --out schedule"
    })
@SuppressWarnings("UnusedVariable") // the options are read by that program
final class Simulate implements Callable<Integer> {

  @Parameters(paramLabel = "TRACE", description = "The load.")
  private String trace = "";

  @Option(
      names = "--policy",
      paramLabel = "NAME[,NAME]...",
      completionCandidates = Policies.class,
      description =
          "SchedulingPolicy: fcfs, easy, easy-sjbf or conservative; one after the other. Default:"
              + " easy.")
  private @Nullable String policy;

  @Option(
      names = "--order",
      paramLabel = "NAME[,NAME]...",
      completionCandidates = Orders.class,
      description =
          "QueueOrder: fcfs, sjf, saf, wfp3, unicep or f1; each with each policy. Default: fcfs.")
  private @Nullable String order;

  @Option(
      names = "--procs",
      paramLabel = "COUNT",
      description = "Processors of the cluster. Default: those that the trace names.")
  private @Nullable String processors;

  @Option(
      names = "--cores-per-node",
      paramLabel = "COUNT",
      description =
          "Processors of a node; a job that fits a node is put on one. Default: 1, so that it does"
              + " not matter where they are.")
  private @Nullable String coresPerNode;

  @Option(
      names = "--lookahead",
      paramLabel = "COUNT",
      description = "BackfillLookahead. Default: -1, for all.")
  private @Nullable String lookahead;

  @Option(
      names = "--guard",
      paramLabel = "SECONDS",
      description = "StarvationGuard. Default: Infinite.")
  private @Nullable String guard;

  @Option(
      names = "--ties",
      paramLabel = "WHICH",
      completionCandidates = Ties.class,
      description =
          "What happens at the same second: batch, ends, submissions and then one look at the"
              + " queue; or serial, a look after each, submissions first. Default: batch.")
  private @Nullable String ties;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write the schedule: lines of id, submission, start, end, processors.")
  private @Nullable String out;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      description = "table or json. Default: table.")
  private @Nullable String format;

  /// Completion of policies.
  static final class Policies extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Policies() {
      super(List.of("fcfs", "easy", "easy-sjbf", "conservative"));
    }
  }

  /// Completion of orders.
  static final class Orders extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Orders() {
      super(List.of("fcfs", "sjf", "saf", "wfp3", "unicep", "f1"));
    }
  }

  /// Completion of ties.
  static final class Ties extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Ties() {
      super(List.of("batch", "serial"));
    }
  }

  /// Completion of formats.
  static final class Formats extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Formats() {
      super(List.of("table", "json"));
    }
  }

  @Override
  public Integer call() {
    throw NodeStart.withoutLauncher("capataz simulate");
  }
}
