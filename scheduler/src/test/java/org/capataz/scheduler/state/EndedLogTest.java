package org.capataz.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.capataz.model.EndReason;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.AttemptEnd;
import org.junit.jupiter.api.Test;

class EndedLogTest {

  private static EndedLog.Entry entry(int ordinal, int cores, String message) {
    return new EndedLog.Entry(
        ordinal,
        1,
        7,
        TaskState.FINISHED,
        2,
        cores,
        new AttemptEnd(EndReason.EXITED, 0, 1_000, 2_000, AttemptEnd.Usage.NONE, message, ""));
  }

  private static List<EndedLog.Entry> unpacked(byte[] block) {
    var entries = new ArrayList<EndedLog.Entry>();
    EndedLog.unpack(block, entries::add);
    return entries;
  }

  @Test
  void whatIsPackedIsWhatIsReadHoweverManyCoresEachHad() {
    var entries =
        List.of(
            entry(0, 4, ""),
            entry(1, 4, "said"),
            entry(2, 1, ""),
            entry(3, 1, ""),
            entry(4, 300, "said"),
            entry(5, 0, ""));

    assertThat(unpacked(EndedLog.pack(entries))).isEqualTo(entries);
  }

  @Test
  void asManyCoresAsBeforeCostNothing() {
    var one = EndedLog.pack(List.of(entry(0, 4, ""))).length;
    var two = EndedLog.pack(List.of(entry(0, 4, ""), entry(1, 4, ""))).length;
    var without = EndedLog.pack(List.of(entry(0, 0, ""), entry(1, 0, ""))).length;

    assertThat(two - one).isEqualTo(without / 2);
    assertThat(two - without).isEqualTo(2);
  }

  /// One record in the form without cores: an attempt that Finished, on node 2.
  @Test
  void aRecordFromBeforeCoresWereRecordedSaysNone() {
    var old = new byte[] {0, 0, 1, 7, 2, 0, 0, 0, 0, 0, 0};

    assertThat(unpacked(old))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.node()).isEqualTo(2);
              assertThat(entry.cores()).isZero();
            });
  }
}
