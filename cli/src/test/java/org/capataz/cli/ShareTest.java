package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.capataz.client.ShareTree;
import org.capataz.model.Quota;
import org.capataz.model.Share;
import org.junit.jupiter.api.Test;

class ShareTest {
  private final TestWorld world = new TestWorld();

  private static Share.Of project(String name) {
    return new Share.Of(name, "");
  }

  @Test
  void theTreeIsShownFromTheRootDown() {
    world.cluster.shares =
        new ShareTree(
            "FairTree",
            Optional.of(Duration.ofDays(7)),
            List.of(
                standing("", "", 0, 1, 1, 7_200_000, 1, 1, OptionalDouble.empty()),
                standing("climate", "", 1, 60, 0.6, 2_880_000, 0.4, 1.5, OptionalDouble.empty()),
                standing("climate", "ada", 2, 1, 1, 2_880_000, 1, 1, OptionalDouble.of(1)),
                standing(
                    "",
                    "guest",
                    1,
                    40,
                    0.4,
                    0,
                    0,
                    Double.POSITIVE_INFINITY,
                    OptionalDouble.of(0.5))));

    assertThat(world.run("share", "tree")).isZero();
    assertThat(world.out())
        .isEqualTo(
            """
            PROJECT OR USER  SHARES    NORM  CORE HOURS   USAGE   LEVEL  FAIR SHARE
            (all)                 1  1.0000      2000.0  1.0000  1.0000
              climate            60  0.6000       800.0  0.4000  1.5000
                ada               1  1.0000       800.0  1.0000  1.0000      1.0000
              guest              40  0.4000         0.0  0.0000     inf      0.5000
            """);
    var table = world.out();
    assertThat(world.run("share", "tree", "-o", "json")).isZero();
    var json = world.out().substring(table.length());
    assertThat(JsonSchema.ofProject().violations(json)).isEmpty();
    assertThat(json)
        .contains("\"project\":\"climate\",\"user\":\"ada\",\"depth\":2,\"shares\":1,")
        .contains("\"levelFairShare\":null,\"fairShare\":0.5");
  }

  private static ShareTree.Standing standing(
      String project,
      String user,
      int depth,
      int shares,
      double norm,
      double usage,
      double effective,
      double level,
      OptionalDouble fairShare) {
    return new ShareTree.Standing(
        new Share.Of(project, user), depth, shares, norm, usage, effective, level, fairShare);
  }

  @Test
  void whatIsNotSaidStays() {
    assertThat(world.run("share", "set", "climate", "--shares", "60")).isZero();
    assertThat(world.out()).isEqualTo("Project climate has 60 shares\n");
    assertThat(world.run("share", "set", "ocean", "--parent", "climate")).isZero();
    assertThat(world.out()).endsWith("Project ocean has 1 share of project climate\n");
    assertThat(world.run("share", "set", "ocean", "--shares", "2")).isZero();
    assertThat(world.run("share", "set", "ocean", "--user", "ada", "--shares", "3")).isZero();

    assertThat(world.cluster.settings.shares().all().values())
        .containsExactly(
            new Share(project("climate"), "", 60),
            new Share(project("ocean"), "climate", 2),
            new Share(new Share.Of("ocean", "ada"), "", 3));
  }

  @Test
  void limitsAreSetAndTakenAway() {
    assertThat(world.run("share", "set", "climate", "--max-cores", "64", "--max-jobs", "9"))
        .isZero();
    assertThat(world.out())
        .isEqualTo("Project climate has 1 share; at most 64 cores and 9 running jobs\n");
    world.run("share", "set", "climate", "--max-cores", "none", "--max-core-hours", "500");
    world.run("share", "set", "--user", "*", "--max-queued", "100");

    assertThat(world.cluster.settings.shares().get(project("climate")).quota())
        .isEqualTo(
            new Quota(
                OptionalInt.empty(), OptionalInt.of(9), OptionalInt.empty(), OptionalInt.of(500)));
    var before = world.out().length();
    assertThat(world.run("share", "list")).isZero();
    assertThat(world.out().substring(before))
        .isEqualTo(
            """
            PROJECT  USER  PARENT  SHARES  BOOST  MAX CORES  MAX JOBS  MAX QUEUED  MAX CORE HOURS
                     *                  1      0                              100
            climate                     1      0                    9                         500
            """);
    before = world.out().length();
    assertThat(world.run("share", "list", "-o", "json")).isZero();
    assertThat(JsonSchema.ofProject().violations(world.out().substring(before))).isEmpty();
    assertThat(world.run("share", "set", "climate", "--max-jobs", "few")).isEqualTo(2);
    assertThat(world.err()).contains("expected a number or none for --max-jobs, but got 'few'");
    assertThat(world.run("share", "set", "--user", "*", "--shares", "3")).isEqualTo(2);
    assertThat(world.err()).contains("expected limits of everybody, and no shares, but got 3");
  }

  @Test
  void somebodyCanBeTakenOut() {
    world.run("share", "set", "--user", "guest", "--shares", "0");

    assertThat(world.run("share", "remove", "--user", "guest")).isZero();
    assertThat(world.out()).endsWith("User guest is no longer in the share tree\n");
    assertThat(world.cluster.settings.shares().all()).isEmpty();
  }

  @Test
  void whatCannotBeIsRefusedBeforeAnythingIsAsked() {
    assertThat(world.run("share", "set", "--shares", "3")).isEqualTo(2);
    assertThat(world.err()).contains("expected a project or a user, but got neither");
    assertThat(world.run("share", "set", "climate", "--shares", "-1")).isEqualTo(2);
    assertThat(world.err()).contains("expected from 0 to 1000000 shares, but got -1");
    assertThat(world.run("share", "set", "climate", "--user", "a", "--parent", "b")).isEqualTo(2);
    assertThat(world.err()).contains("expected a parent of a project alone");
    assertThat(world.cluster.connections).isEmpty();
  }
}
