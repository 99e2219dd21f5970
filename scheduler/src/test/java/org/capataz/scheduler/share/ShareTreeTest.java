package org.capataz.scheduler.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.capataz.model.FairShare;
import org.capataz.model.Share;
import org.capataz.model.Shares;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTreeTest {

  private final Map<Share.Of, Share> shares = new TreeMap<>();
  private final Map<Share.Of, Double> usage = new HashMap<>();

  private ShareTreeTest project(String name, String parent, int count) {
    var of = new Share.Of(name, "");
    shares.put(of, new Share(of, parent, count));
    return this;
  }

  private ShareTreeTest user(String project, String name, int count, double used) {
    var of = new Share.Of(project, name);
    shares.put(of, new Share(of, "", count));
    usage.put(of, used);
    return this;
  }

  private ShareTree tree(FairShare algorithm) {
    var settings = new Shares(new TreeMap<>(shares)).check().orElseThrow();
    return ShareTree.of(settings, algorithm, usage);
  }

  private static ShareTree.Node node(ShareTree tree, String project, String user) {
    return tree.nodes().stream()
        .filter(node -> node.of().equals(new Share.Of(project, user)))
        .findFirst()
        .orElseThrow();
  }

  /// Two projects: one has used less than its share, but its users no more than theirs of it.
  private void twoProjects() {
    project("climate", "", 60).project("ocean", "", 40);
    user("climate", "ada", 1, 100).user("climate", "bob", 3, 300);
    user("ocean", "cy", 1, 500).user("ocean", "dora", 1, 100);
  }

  @Test
  void fairTreeOrdersProjectsAndWithinThemUsers() {
    twoProjects();
    var tree = tree(FairShare.FAIR_TREE);

    var climate = node(tree, "climate", "");
    assertThat(climate.normShares()).isEqualTo(0.6, within(1e-12));
    assertThat(climate.effectiveUsage()).isEqualTo(0.4, within(1e-12));
    assertThat(climate.levelFairShare()).isEqualTo(1.5, within(1e-9));
    assertThat(climate.fairShare()).isEmpty();
    assertThat(node(tree, "ocean", "").levelFairShare()).isEqualTo(2.0 / 3, within(1e-9));
    assertThat(node(tree, "ocean", "cy").levelFairShare()).isEqualTo(0.6, within(1e-9));
    assertThat(node(tree, "ocean", "dora").levelFairShare()).isEqualTo(3, within(1e-9));
    // They tie; Dora is far below her share, and yet behind all of the project that is ahead.
    assertThat(tree.factor(new Share.Of("climate", "ada"))).isEqualTo(1);
    assertThat(tree.factor(new Share.Of("climate", "bob"))).isEqualTo(1);
    assertThat(tree.factor(new Share.Of("ocean", "dora"))).isEqualTo(0.5);
    assertThat(tree.factor(new Share.Of("ocean", "cy"))).isEqualTo(0.25);
  }

  @Test
  void classicIsTwoToThePowerOfUsageOverShares() {
    twoProjects();
    var tree = tree(FairShare.CLASSIC);

    var ada = node(tree, "climate", "ada");
    assertThat(ada.normShares()).isEqualTo(0.15, within(1e-12));
    // 0.1 of all was hers, and a quarter is of the 0.3 that the project used beside.
    assertThat(ada.effectiveUsage()).isEqualTo(0.175, within(1e-12));
    // 2^(-7/6), 2^(-5/6), 2^(-11/4), 2^(-7/4), 2^(-2/3), 2^(-3/2)
    assertThat(tree.factor(ada.of())).isEqualTo(0.4454493590702, within(1e-9));
    assertThat(tree.factor(new Share.Of("climate", "bob")))
        .isEqualTo(0.5612310241547, within(1e-9));
    assertThat(tree.factor(new Share.Of("ocean", "cy"))).isEqualTo(0.1486508893753, within(1e-9));
    assertThat(tree.factor(new Share.Of("ocean", "dora"))).isEqualTo(0.2973017787507, within(1e-9));
    assertThat(node(tree, "climate", "").fairShare().getAsDouble())
        .isEqualTo(0.6299605249474, within(1e-9));
    assertThat(node(tree, "ocean", "").fairShare().getAsDouble())
        .isEqualTo(0.3535533905933, within(1e-9));
  }

  @Test
  void classicGoesDownSeveralLevels() {
    project("site", "", 1).project("other", "", 3).project("lab", "site", 1);
    user("lab", "ada", 2, 30).user("lab", "bob", 1, 10).user("other", "cy", 1, 60);
    var tree = tree(FairShare.CLASSIC);

    // lab: 0.25 of the shares, 0.4 of the usage; ada 1/6, 0.3 + 0.1 * 2/3; bob 1/12, 0.1 + 0.3 / 3.
    assertThat(tree.factor(new Share.Of("lab", "ada"))).isEqualTo(Math.pow(2, -2.2), within(1e-9));
    assertThat(tree.factor(new Share.Of("lab", "bob"))).isEqualTo(Math.pow(2, -2.4), within(1e-9));
    assertThat(tree.factor(new Share.Of("other", "cy"))).isEqualTo(Math.pow(2, -0.8), within(1e-9));
  }

  @Test
  void whereNothingWasUsedAllAreInFront() {
    project("climate", "", 60).user("climate", "ada", 1, 0).user("", "bob", 1, 0);

    for (var algorithm : FairShare.values()) {
      assertThat(tree(algorithm).factor(new Share.Of("climate", "ada"))).isEqualTo(1);
      assertThat(tree(algorithm).factor(new Share.Of("", "bob"))).isEqualTo(1);
    }
  }

  @Test
  void whoHasNoSharesComesLastEvenIfTheyHaveUsedNothing() {
    user("", "ada", 1, 1000).user("", "guest", 0, 0);

    assertThat(tree(FairShare.FAIR_TREE).factor(new Share.Of("", "guest"))).isEqualTo(0.5);
    assertThat(tree(FairShare.FAIR_TREE).factor(new Share.Of("", "ada"))).isEqualTo(1);
    assertThat(tree(FairShare.CLASSIC).factor(new Share.Of("", "guest"))).isZero();
  }

  @Test
  void projectsThatTieAreRankedAsIfTheyWereOne() {
    project("p", "", 1).project("q", "", 1);
    user("p", "a", 1, 10).user("p", "b", 1, 40).user("q", "c", 1, 20).user("q", "d", 1, 30);
    var tree = tree(FairShare.FAIR_TREE);

    assertThat(tree.factor(new Share.Of("p", "a"))).isEqualTo(1);
    assertThat(tree.factor(new Share.Of("q", "c"))).isEqualTo(0.75);
    assertThat(tree.factor(new Share.Of("q", "d"))).isEqualTo(0.5);
    assertThat(tree.factor(new Share.Of("p", "b"))).isEqualTo(0.25);
  }

  @Test
  void aProjectThatTiesWithAUserStartsAtTheUsersRank() {
    project("p", "", 1).user("p", "a", 1, 5).user("p", "b", 1, 45).user("", "c", 1, 50);
    var tree = tree(FairShare.FAIR_TREE);

    assertThat(tree.factor(new Share.Of("", "c"))).isEqualTo(1);
    assertThat(tree.factor(new Share.Of("p", "a"))).isEqualTo(1);
    assertThat(tree.factor(new Share.Of("p", "b"))).isEqualTo(1.0 / 3, within(1e-12));
  }

  @Test
  void theTreeIsListedFromTheRootDown() {
    twoProjects();
    usage.put(new Share.Of("climate", "new"), 0.0);

    assertThat(tree(FairShare.FAIR_TREE).nodes())
        .extracting(node -> node.depth() + node.of().project() + "/" + node.of().user())
        .containsExactly(
            "0/",
            "1climate/",
            "2climate/ada",
            "2climate/bob",
            "2climate/new",
            "1ocean/",
            "2ocean/cy",
            "2ocean/dora");
  }

  /// What comes of shares and usage by chance, with other ones for each, so that nobody ties.
  private void random(Random random) {
    var projects = new ArrayList<>(List.of(""));
    for (var number = 1; number <= 12; number++) {
      project("p" + number, projects.get(random.nextInt(projects.size())), 1 + random.nextInt(99));
      projects.add("p" + number);
    }
    for (var number = 1; number <= 40; number++) {
      var project = projects.get(random.nextInt(projects.size()));
      user(project, "u" + number, 1 + random.nextInt(99), random.nextDouble() * 1e6);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whereOneIsAheadOfAnotherAllBelowItAreAheadOfAllBelowThat(long seed) {
    var random = new Random(seed);
    for (var round = 0; round < 100; round++) {
      shares.clear();
      usage.clear();
      random(random);
      var tree = tree(FairShare.FAIR_TREE);
      var all = tree.nodes();
      for (var one : all) {
        for (var other : all) {
          if (!one.of().equals(other.of())
              && one.depth() > 0
              && parent(one).equals(parent(other))
              && one.levelFairShare() > other.levelFairShare()) {
            var least = below(tree, one).min().orElse(Double.POSITIVE_INFINITY);
            var most = below(tree, other).max().orElse(0);
            assertThat(least).as("seed " + seed + ": " + one + " " + other).isGreaterThan(most);
          }
        }
      }
      // Everybody has a rank of their own.
      assertThat(usage.keySet().stream().map(tree::factor).sorted())
          .first()
          .isEqualTo(1.0 / usage.size());
      assertThat(usage.keySet().stream().map(tree::factor)).doesNotHaveDuplicates();
    }
  }

  private String parent(ShareTree.Node node) {
    var share = shares.get(node.of());
    return share == null ? "none" : node.isProject() ? share.parent() : node.of().project();
  }

  private DoubleStream below(ShareTree tree, ShareTree.Node node) {
    return usage.keySet().stream()
        .filter(
            of ->
                node.isProject()
                    ? isBelow(of.project(), node.of().project())
                    : of.equals(node.of()))
        .mapToDouble(tree::factor);
  }

  private String parentOf(String project) {
    return Objects.requireNonNull(shares.get(new Share.Of(project, ""))).parent();
  }

  private boolean isBelow(String project, String above) {
    for (var each = project; !each.isEmpty(); each = parentOf(each)) {
      if (each.equals(above)) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void thePartsOfSiblingsAreOne(long seed) {
    random(new Random(seed));
    var sums = new HashMap<String, Double>();
    for (var node : tree(FairShare.FAIR_TREE).nodes()) {
      if (node.depth() > 0) {
        sums.merge(parent(node), node.normShares(), Double::sum);
      }
    }
    assertThat(sums.values()).allSatisfy(sum -> assertThat(sum).isEqualTo(1, within(1e-9)));
  }
}
