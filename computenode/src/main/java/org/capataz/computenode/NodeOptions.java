package org.capataz.computenode;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.capataz.computenode.agent.NodeSettings;
import org.capataz.computenode.keeper.OutputLimits;
import org.capataz.model.Limits;
import org.capataz.model.Megabytes;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.capataz.wire.HeadAddress;
import org.jspecify.annotations.Nullable;

/// The options of `capataz node start`, of keeper and agent alike. Read without a library, for the
/// keeper is to be small.
///
/// @param head HOST:PORT of the head node; of several, separated by commas
/// @param name of this node; the machine's if empty
/// @param address where other nodes reach this one; the machine's host name if empty
/// @param offer what is offered; all that is found, where nothing is said
/// @param groups that the node belongs to
/// @param output how much of what tasks write is kept
/// @param data the node's own directory
/// @param lifeline whether the node stops when its standard input ends
public record NodeOptions(
    String head,
    Optional<String> name,
    Optional<String> address,
    NodeSettings.Offer offer,
    List<String> groups,
    OutputLimits output,
    Path data,
    boolean lifeline) {

  private static final String USAGE =
      "usage: capataz node start --head HOST:PORT [--name NAME] [--address HOST] [--cores N]"
          + " [--sockets N] [--gpus N] [--memory MB] [--no-bind] [--group GROUP]..."
          + " [--max-output SIZE] [--keep-output SIZE] [--data DIR]";

  private static final int MAX_MEMORY_MB = 1 << 30;

  /// Reads the options, each as `--option VALUE` or `--option=VALUE`.
  ///
  /// @param defaultData the directory to use where none is given
  public static Result<NodeOptions> parse(List<String> arguments, Path defaultData) {
    return new Reader().read(arguments, defaultData);
  }

  /// The options as arguments, from which [#parse] reads them again.
  public List<String> arguments() {
    var arguments = new ArrayList<>(List.of("--head=" + head, "--data=" + data));
    name.ifPresent(given -> arguments.add("--name=" + given));
    address.ifPresent(given -> arguments.add("--address=" + given));
    offer.cores().ifPresent(given -> arguments.add("--cores=" + given));
    offer.sockets().ifPresent(given -> arguments.add("--sockets=" + given));
    offer.gpus().ifPresent(given -> arguments.add("--gpus=" + given));
    offer.memoryMb().ifPresent(given -> arguments.add("--memory=" + given));
    if (!offer.binds()) {
      arguments.add("--no-bind");
    }
    groups.forEach(group -> arguments.add("--group=" + group));
    arguments.add("--max-output=" + output.streamMegabytes());
    arguments.add("--keep-output=" + output.endedMegabytes());
    if (lifeline) {
      arguments.add("--lifeline");
    }
    return arguments;
  }

  /// Reads option by option, and keeps the first reason not to.
  private static final class Reader {

    private static final Set<String> VALUED =
        Set.of(
            "--head",
            "--name",
            "--address",
            "--cores",
            "--sockets",
            "--gpus",
            "--memory",
            "--group",
            "--max-output",
            "--keep-output",
            "--data");

    private final Map<String, List<String>> values = new HashMap<>();
    private boolean lifeline;
    private boolean noBind;
    private @Nullable Refusal refusal;

    Result<NodeOptions> read(List<String> arguments, Path defaultData) {
      split(arguments);
      var options =
          new NodeOptions(
              last("--head").orElse(""),
              last("--name").map(value -> name("--name", value)),
              last("--address").map(value -> name("--address", value)),
              new NodeSettings.Offer(
                  number("--cores", 1, Limits.CORES),
                  number("--sockets", 1, Limits.CORES),
                  number("--gpus", 0, Limits.GPUS),
                  number("--memory", 1, MAX_MEMORY_MB),
                  !noBind),
              values.getOrDefault("--group", List.of()).stream()
                  .map(value -> name("--group", value))
                  .toList(),
              output(),
              last("--data").map(Path::of).orElse(defaultData),
              lifeline);
      if (options.head.isEmpty()) {
        refuse("expected --head HOST:PORT, or CAPATAZ_HEAD, but got none; " + USAGE);
      } else if (HeadAddress.parseList(options.head) instanceof Result.Refused<?>(var why)) {
        refuse(why.in("--head").message());
      }
      return refusal == null ? Result.ok(options) : Result.refused(refusal);
    }

    private void split(List<String> arguments) {
      var rest = new ArrayDeque<>(arguments);
      while (!rest.isEmpty()) {
        var argument = rest.remove();
        var equals = argument.indexOf('=');
        var option = equals < 0 ? argument : argument.substring(0, equals);
        if (argument.equals("--lifeline")) {
          lifeline = true;
        } else if (argument.equals("--no-bind")) {
          noBind = true;
        } else if (!VALUED.contains(option)) {
          refuse("expected an option, but got '" + Text.shown(argument) + "'; " + USAGE);
        } else if (equals < 0 && rest.isEmpty()) {
          refuse("expected a value after " + option + ", but there is none; " + USAGE);
        } else {
          values
              .computeIfAbsent(option, _ -> new ArrayList<>())
              .add(equals < 0 ? rest.remove() : argument.substring(equals + 1));
        }
      }
    }

    private Optional<String> last(String option) {
      return Optional.ofNullable(values.get(option)).map(List::getLast);
    }

    private String name(String option, String value) {
      if (value.isEmpty() || value.chars().anyMatch(Character::isWhitespace)) {
        // CCP_NODES is a list with blanks between.
        refuse(
            "expected a name without blanks after "
                + option
                + ", but got '"
                + Text.shown(value)
                + "'");
      } else if (Text.name(value, Limits.NAME) instanceof Result.Refused<String>(var why)) {
        refuse(why.in(option).message());
      }
      return value;
    }

    private OptionalInt number(String option, int min, int max) {
      var value = last(option).orElse("");
      if (value.isEmpty()) {
        return OptionalInt.empty();
      }
      if (value.matches("\\d{1,10}")) {
        var number = Long.parseLong(value);
        if (number >= min && number <= max) {
          return OptionalInt.of((int) number);
        }
      }
      refuse(
          "expected a number from "
              + min
              + " to "
              + max
              + " after "
              + option
              + ", but got '"
              + Text.shown(value)
              + "'");
      return OptionalInt.empty();
    }

    private OutputLimits output() {
      var stream = megabytes("--max-output", OutputLimits.DEFAULT.streamMegabytes());
      var ended = megabytes("--keep-output", OutputLimits.DEFAULT.endedMegabytes());
      if (ended < 2L * stream) {
        refuse(
            "expected --keep-output of at least twice --max-output, for the two streams of a task,"
                + " but got "
                + ended
                + "M and "
                + stream
                + "M");
      }
      return refusal == null ? OutputLimits.ofMegabytes(stream, ended) : OutputLimits.DEFAULT;
    }

    private int megabytes(String option, int byDefault) {
      return last(option)
          .map(
              value ->
                  switch (Megabytes.parse(value).in(option)) {
                    case Result.Ok<Integer>(var size) when size > 0 -> size;
                    case Result.Ok<Integer> _ -> {
                      refuse(option + ": expected at least 1 megabyte, but got none");
                      yield byDefault;
                    }
                    case Result.Refused<Integer>(var why) -> {
                      refuse(why.message());
                      yield byDefault;
                    }
                  })
          .orElse(byDefault);
    }

    private void refuse(String message) {
      if (refusal == null) {
        refusal = Refusal.invalid(message);
      }
    }
  }
}
