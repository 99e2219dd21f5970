package org.capataz.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateMainTest {

  @TempDir private Path folder;

  private String printed = "";
  private String complaints = "";

  private int simulate(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var code =
        SimulateMain.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            arguments);
    printed = out.toString(StandardCharsets.UTF_8);
    complaints = err.toString(StandardCharsets.UTF_8);
    return code;
  }

  /// A job of 100 s on three of four processors, one of all four, and one that fits beside.
  private String trace() throws IOException {
    var file = folder.resolve("trace.swf");
    Files.writeString(
        file,
        """
        ; MaxProcs: 4
        1 0 -1 100 3 -1 -1 3 100
        2 0 -1 100 4 -1 -1 4 100
        3 0 -1 50 1 -1 -1 1 100
        """);
    return file.toString();
  }

  @Test
  void policiesAreComparedSideBySide() throws IOException {
    assertThat(simulate(trace(), "--policy", "fcfs,easy", "-o", "json")).isZero();

    assertThat(printed)
        .isEqualTo(
            """
            {"schema":"capataz/v1","runs":[
            {"policy":"fcfs","order":"fcfs","jobs":3,"meanWaitSeconds":100.0000,\
            "maxWaitSeconds":200,"meanBoundedSlowdown":2.6667,"utilization":0.7500,\
            "makespanSeconds":250},
            {"policy":"easy","order":"fcfs","jobs":3,"meanWaitSeconds":33.3333,\
            "maxWaitSeconds":100,"meanBoundedSlowdown":1.3333,"utilization":0.9375,\
            "makespanSeconds":200}
            ]}
            """);
  }

  @Test
  void theScheduleIsWrittenInTheOrderOfStarts() throws IOException {
    var out = folder.resolve("out");

    assertThat(simulate(trace(), "--out", out.toString())).isZero();

    assertThat(Files.readString(out)).isEqualTo("1 0 0 100 3\n3 0 0 50 1\n2 0 100 200 4\n");
    assertThat(printed.lines()).hasSize(2);
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeAnythingIsPlayed() throws IOException {
    assertThat(simulate(trace(), "--policy", "best")).isEqualTo(2);
    assertThat(complaints)
        .isEqualTo(
            "capataz: SchedulingPolicy: expected one of fcfs, easy, easy-sjbf, conservative, but"
                + " got 'best'\n");
    assertThat(simulate(trace(), "--order", "sjf,saf", "--out", "x")).isEqualTo(2);
    assertThat(complaints).contains("expected one policy and one order with --out");
    assertThat(simulate(folder.resolve("none").toString())).isEqualTo(1);
  }
}
