package org.capataz.cli;

import java.util.EnumMap;
import java.util.Map;
import org.capataz.model.TaskProperty;
import org.capataz.model.Text;
import org.capataz.model.Unit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Units other than cores, to count in.
final class UnitOptions {

  /// How many of which unit.
  record Amount(Unit unit, Inputs.CoreRange range) {
    static final Amount ANY = new Amount(Unit.CORE, Inputs.ANY_CORES);

    /// The properties of a task that needs so much for one run; those that it does not set are
    /// empty, so that what a task had in another unit goes.
    Map<TaskProperty, String> ofTask() {
      var bounds = new EnumMap<TaskProperty, String>(TaskProperty.class);
      for (var other : Unit.values()) {
        bounds.put(other.taskMin(), "");
        bounds.put(other.taskMax(), "");
      }
      range.min().ifPresent(min -> bounds.put(unit.taskMin(), Integer.toString(min)));
      range.max().ifPresent(max -> bounds.put(unit.taskMax(), Integer.toString(max)));
      return bounds;
    }
  }

  @Option(
      names = "--numsockets",
      paramLabel = "MIN[-MAX]",
      description = "The same in whole sockets, instead of cores.")
  private @Nullable String numsockets;

  @Option(names = "--numnodes", paramLabel = "MIN[-MAX]", description = "The same in whole nodes.")
  private @Nullable String numnodes;

  @Option(
      names = "--numgpus",
      paramLabel = "MIN[-MAX]",
      description = "The same in GPUs, each with its share of its node's cores.")
  private @Nullable String numgpus;

  /// The one amount that was given; null for none.
  ///
  /// @param numcores what was given of cores
  @Nullable Amount amount(@Nullable String numcores) {
    @Nullable Amount amount = null;
    for (var unit : Unit.values()) {
      var text =
          switch (unit) {
            case CORE -> numcores;
            case SOCKET -> numsockets;
            case NODE -> numnodes;
            case GPU -> numgpus;
          };
      if (text == null) {
        continue;
      }
      if (amount != null) {
        throw Accepted.refused(
            "expected one of --numcores, --numsockets, --numnodes and --numgpus, but got "
                + option(amount.unit)
                + " and "
                + option(unit)
                + " "
                + Text.shown(text));
      }
      amount = new Amount(unit, Accepted.value(Inputs.cores(text).in(option(unit))));
    }
    return amount;
  }

  private static String option(Unit unit) {
    return switch (unit) {
      case CORE -> "--numcores";
      case SOCKET -> "--numsockets";
      case NODE -> "--numnodes";
      case GPU -> "--numgpus";
    };
  }
}
