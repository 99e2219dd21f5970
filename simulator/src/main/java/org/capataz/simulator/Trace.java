package org.capataz.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// What a cluster was once asked to do, in the Standard Workload Format of the Parallel Workloads
/// Archive.
///
/// @param jobs in the order of their submission, as far as they can be played
/// @param processors of the cluster
public record Trace(List<Job> jobs, int processors) {

  /// A job of which the size was fixed. Times are in seconds.
  ///
  /// @param id as the trace has it
  /// @param estimate how long its user said that it would take at most
  /// @param runtime how long it took, at most as long as that
  public record Job(int id, long submit, long runtime, int processors, long estimate) {}

  /// The fields of a line, counted from 0.
  private static final int ID = 0;

  private static final int SUBMIT = 1;
  private static final int RUNTIME = 3;
  private static final int ALLOCATED = 4;
  private static final int REQUESTED = 7;
  private static final int ESTIMATE = 8;

  private static final Pattern SIZE = Pattern.compile("\\s*;\\s*(MaxProcs|MaxNodes):\\s*(\\d+).*");

  public Trace {
    jobs = List.copyOf(jobs);
  }

  /// Reads a trace, be it packed with gzip or not. Left out are jobs without a time of submission,
  /// a run time, an estimate or a size, and such as are larger than the cluster.
  ///
  /// @param processors of the cluster, if not those that the trace names
  /// @throws IOException if it cannot be read, or is not a trace
  public static Trace read(Path file, OptionalInt processors) throws IOException {
    try (var in = Files.newInputStream(file);
        var reader =
            new BufferedReader(
                new InputStreamReader(
                    file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
                    StandardCharsets.ISO_8859_1))) {
      return new Lines(file, processors).read(reader);
    }
  }

  /// A trace that is being read.
  private static final class Lines {
    private final Path file;
    private final List<Job> jobs = new ArrayList<>();
    private int processors;
    private int nodes;
    private int line;

    Lines(Path file, OptionalInt processors) {
      this.file = file;
      this.processors = processors.orElse(0);
    }

    Trace read(BufferedReader reader) throws IOException {
      var isGiven = processors != 0;
      for (var text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (!text.stripLeading().startsWith(";")) {
          add(text.strip().split("\\s+", -1));
        } else if (!isGiven) {
          header(text);
        }
      }
      jobs.sort(Comparator.comparingLong(Job::submit).thenComparingInt(Job::id));
      return new Trace(jobs, processors);
    }

    private void header(String text) {
      var match = SIZE.matcher(text);
      if (match.matches()) {
        var count = Integer.parseInt(match.group(2));
        if (match.group(1).equals("MaxProcs")) {
          processors = processors == 0 ? count : processors;
        } else {
          nodes = nodes == 0 ? count : nodes;
        }
      }
    }

    private void add(String[] fields) throws IOException {
      if (fields.length <= ESTIMATE) {
        return;
      }
      processors = processors == 0 ? nodes : processors;
      if (processors == 0) {
        throw new IOException(
            "expected a header with MaxProcs in "
                + file
                + ", but there is none; --procs says how many there are");
      }
      var allocated = number(fields[ALLOCATED]);
      var requested = number(fields[REQUESTED]);
      var size = requested > 0 ? requested : allocated;
      var submit = number(fields[SUBMIT]);
      var runtime = number(fields[RUNTIME]);
      var estimate = number(fields[ESTIMATE]);
      if (submit >= 0
          && runtime > 0
          && estimate > 0
          && size > 0
          && size <= processors
          && allocated <= processors) {
        jobs.add(
            new Job(
                (int) number(fields[ID]),
                submit,
                Math.min(runtime, estimate),
                (int) size,
                estimate));
      }
    }

    private long number(String text) throws IOException {
      try {
        return (long) Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw new IOException(
            "expected numbers in line " + line + " of " + file + ", but got '" + text + "'", e);
      }
    }
  }
}
