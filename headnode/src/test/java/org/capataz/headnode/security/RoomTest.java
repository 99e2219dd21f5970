package org.capataz.headnode.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoomTest {

  private final Room room = new Room(10, 100);

  @Test
  void nobodyHasMoreOfWhatIsCommonThanIsLeft() {
    var one = new Room.Share(room);

    assertThat(one.take(60)).isTrue();
    assertThat(one.take(1)).isFalse();
    assertThat(room.taken()).isEqualTo(60);
  }

  @Test
  void howeverManyTakeAllTheyCanEverybodyHasALittle() {
    for (var greedy : Stream.generate(() -> new Room.Share(room)).limit(20).toList()) {
      while (greedy.take(1)) {
        assertThat(room.taken()).isLessThanOrEqualTo(20 * 10 + 100);
      }
    }

    assertThat(new Room.Share(room).take(10)).isTrue();
    assertThat(new Room.Share(room).take(20)).isFalse();
  }

  @Test
  void whatIsGivenBackIsThereForOthers() {
    var one = new Room.Share(room);
    one.take(60);
    one.giveBack(55);

    assertThat(new Room.Share(room).take(60)).isTrue();
    one.giveBack(5);
    assertThat(room.taken()).isEqualTo(60);
  }
}
