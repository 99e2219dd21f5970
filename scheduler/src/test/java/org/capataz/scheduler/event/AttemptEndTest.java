package org.capataz.scheduler.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.capataz.model.EndReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptEndTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "3; exit code 3",
        "128; exit code 128",
        "137; exit code 137 (signal 9, KILL)",
        "139; exit code 139 (signal 11, SEGV)",
        "255; exit code 255"
      })
  void anExitCodeThatIsASignalsNamesIt(int exitCode, String why) {
    var end = new AttemptEnd(EndReason.EXITED, exitCode, 1, 2, AttemptEnd.Usage.NONE, "", "");

    assertThat(end.why()).isEqualTo(why);
  }
}
