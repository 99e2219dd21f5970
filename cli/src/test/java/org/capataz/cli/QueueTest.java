package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.capataz.client.Merit;
import org.capataz.client.QueueEntry;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.junit.jupiter.api.Test;

class QueueTest {
  private final TestWorld world = new TestWorld();

  private QueueEntry entry(int place, Optional<Merit> merit) {
    var job =
        world.cluster.add(
            JobDraft.EMPTY.with(JobProperty.NAME, "study").with(JobProperty.PROJECT, "climate"));
    job.submit();
    return new QueueEntry(
        job.status(),
        place,
        merit,
        place == 1 ? Optional.of(TestWorld.NOW.plusSeconds(600)) : Optional.empty(),
        "NotEnoughResource");
  }

  @Test
  void aQueueByMeritShowsTheFactors() {
    world.width = 200;
    world.cluster.queue =
        List.of(
            entry(1, Optional.of(new Merit(7345.25, 0.125, 0.72, 0.5, 0))),
            entry(2, Optional.of(new Merit(4000, 0.5, 0.35, 0.25, 0))));

    assertThat(world.run("queue")).isZero();
    var table = world.out();
    assertThat(table.lines().findFirst().orElseThrow().split("  +"))
        .containsExactly(
            "PLACE",
            "ID",
            "NAME",
            "OWNER",
            "PROJECT",
            "PRIORITY",
            "SCORE",
            "AGE",
            "FAIR",
            "SIZE",
            "BOOST",
            "ESTIMATED START",
            "REASON");
    assertThat(table).contains("7345  0.125  0.720  0.500  0.000");
    assertThat(world.run("queue", "-o", "json")).isZero();
    var json = world.out().substring(table.length());
    assertThat(JsonSchema.ofProject().violations(json)).isEmpty();
    assertThat(json)
        .contains("\"score\":7345.25,\"age\":0.125,\"fairShare\":0.72,\"size\":0.5")
        .contains("\"estimatedStartTime\":null");
  }

  @Test
  void anyOtherQueueShowsPlacesAndStarts() {
    world.cluster.queue = List.of(entry(1, Optional.empty()), entry(2, Optional.empty()));

    assertThat(world.run("queue", "--most", "1")).isZero();
    assertThat(world.out()).doesNotContain("SCORE").contains("NotEnoughResource");
    assertThat(world.out().lines()).hasSize(2);
    assertThat(world.run("queue", "-o", "id")).isZero();
    assertThat(world.out()).endsWith("12\n13\n");
    assertThat(world.run("queue", "--most", "0")).isEqualTo(2);
    assertThat(world.err()).contains("expected a number of jobs from 1, but got 0");
  }
}
