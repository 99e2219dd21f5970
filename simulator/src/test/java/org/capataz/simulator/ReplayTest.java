package org.capataz.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The scheduler starts every job of a load at the second at which an independent simulator does;
/// `make-synthetic.py` beside the load says how both were made.
class ReplayTest {

  private static final String HEADER = "; id, and its start by: ";

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(ReplayTest.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> expected() {
    try {
      return Files.readAllLines(resource("synthetic.starts"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> choices() {
    return Stream.of(expected().getFirst().substring(HEADER.length()).split(", ", -1));
  }

  private static Map<Integer, Long> expected(String choice) {
    var column = 1 + choices().toList().indexOf(choice);
    var starts = new HashMap<Integer, Long>();
    expected().stream()
        .skip(1)
        .map(line -> line.split(" ", -1))
        .forEach(row -> starts.put(Integer.valueOf(row[0]), Long.valueOf(row[column])));
    return starts;
  }

  @ParameterizedTest
  @MethodSource("choices")
  void everyJobStartsWhenItDoesElsewhere(String choice) throws IOException {
    var trace = Trace.read(resource("synthetic.swf"), OptionalInt.empty());

    assertThat(Choice.of(choice).starts(trace, 1)).isEqualTo(expected(choice));
  }

  @ParameterizedTest
  @MethodSource("choices")
  void oneLargeNodeIsAsGoodAsManySmallOnes(String choice) throws IOException {
    var trace = Trace.read(resource("synthetic.swf"), OptionalInt.empty());

    assertThat(Choice.of(choice).starts(trace, 64)).isEqualTo(expected(choice));
  }

  @ParameterizedTest
  @MethodSource("choices")
  void noCoreIsGivenTwiceOnNodesOfSeveral(String choice) throws IOException {
    var trace = Trace.read(resource("synthetic.swf"), OptionalInt.empty());
    var starts =
        new Replay(trace, 8, Choice.of(choice).ties(), Choice.of(choice).parameters()).run();

    var changes = new HashMap<Long, Integer>();
    IntStream.range(0, starts.length)
        .forEach(
            i -> {
              var job = trace.jobs().get(i);
              changes.merge(starts[i], job.processors(), Integer::sum);
              changes.merge(starts[i] + job.runtime(), -job.processors(), Integer::sum);
            });
    var busy = 0;
    for (var time : changes.keySet().stream().sorted().toList()) {
      busy += changes.getOrDefault(time, 0);
      assertThat(busy).isBetween(0, trace.processors());
    }
  }
}
