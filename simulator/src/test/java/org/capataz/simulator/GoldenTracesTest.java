package org.capataz.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Loads that clusters really had, of the Parallel Workloads Archive: every job starts at the
/// second at which it does in schedules that others made. They lie beside the project, in
/// `../shared`.
@Tag("traces")
class GoldenTracesTest {

  private static final Path TRACES =
      Path.of(System.getProperty("capataz.shared", "../../shared")).resolve("traces");

  /// @param file of the trace
  private record Site(String name, String file, int processors) {
    Trace trace() throws IOException {
      return Trace.read(TRACES.resolve(file), OptionalInt.of(processors));
    }
  }

  private static final Map<String, Site> SITES =
      Stream.of(
              new Site("KTH-SP2", "KTH-SP2-1996-2.1-cln.swf.gz", 100),
              new Site("SDSC-SP2", "SDSC-SP2-1998-4.2-cln.swf.gz", 128),
              new Site("CTC-SP2", "CTC-SP2-1996-3.1-cln.swf.gz", 338))
          .collect(Collectors.toMap(Site::name, site -> site));

  private static Site site(String name) {
    return Objects.requireNonNull(SITES.get(name));
  }

  static Stream<String> goldens() {
    var all = List.of("fcfs fcfs", "easy fcfs", "easy-sjbf fcfs");
    var more =
        List.of("easy sjf", "easy saf", "easy wfp3", "easy unicep", "easy f1", "conservative fcfs");
    return Stream.of("KTH-SP2", "SDSC-SP2", "CTC-SP2")
        .flatMap(
            site ->
                Stream.concat(all.stream(), site.equals("CTC-SP2") ? Stream.of() : more.stream())
                    .map(choice -> site + " " + choice));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyJobOfARealLoadStartsWhenTheReferenceHasIt(String golden) throws IOException {
    var site = site(golden.substring(0, golden.indexOf(' ')));
    var choice = golden.substring(golden.indexOf(' ') + 1);
    var expected = new HashMap<Integer, Long>();
    for (var row : rows("golden/" + golden.replace(' ', '-') + ".starts.gz")) {
      expected.put(Integer.valueOf(row[0]), Long.valueOf(row[1]));
    }

    var starts = Choice.of(choice + " batch").starts(site.trace(), 1);

    assertThat(differences(starts, expected)).isZero();
    assertThat(starts).hasSameSizeAs(expected);
  }

  @ParameterizedTest
  @MethodSource("independent")
  void everyJobOfARealLoadStartsWhenAnIndependentSimulatorHasIt(String name) throws IOException {
    var expected = new HashMap<Integer, Long>();
    var trace = site(name).trace();
    var jobs = new ArrayList<>(trace.jobs());
    for (var row : rows(name + "__res_easy_backfill_scheduler_None_None.swf.gz")) {
      var submit = Long.parseLong(row[1]);
      var id = Integer.parseInt(row[0]);
      expected.put(id, submit + Long.parseLong(row[2]));
      if (name.equals("SDSC-SP2") && id >= 4 && id <= 10) {
        // Jobs of an earlier edition of the trace.
        jobs.add(
            new Trace.Job(
                id,
                submit,
                Long.parseLong(row[3]),
                Integer.parseInt(row[4]),
                Long.parseLong(row[8])));
      }
    }
    jobs.sort(Comparator.comparingLong(Trace.Job::submit).thenComparingInt(Trace.Job::id));

    var starts = Choice.of("easy fcfs serial").starts(new Trace(jobs, trace.processors()), 1);

    assertThat(differences(starts, expected)).isZero();
  }

  static Stream<String> independent() {
    return Stream.of("KTH-SP2", "SDSC-SP2");
  }

  private static long differences(Map<Integer, Long> starts, Map<Integer, Long> expected) {
    return starts.entrySet().stream()
        .filter(start -> !start.getValue().equals(expected.get(start.getKey())))
        .count();
  }

  private static List<String[]> rows(String file) throws IOException {
    try (var in = Files.newInputStream(TRACES.resolve(file));
        var reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.ISO_8859_1))) {
      return reader
          .lines()
          .map(String::strip)
          .filter(line -> line.matches("\\d.*"))
          .map(line -> line.split("\\s+", -1))
          .toList();
    }
  }
}
