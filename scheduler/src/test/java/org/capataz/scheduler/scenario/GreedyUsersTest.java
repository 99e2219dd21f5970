package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;

/// What users get in the long run who always have more jobs than there is room for.
class GreedyUsersTest {

  /// Jobs that each user has in the queue.
  private static final int WAITING = 6;

  private static final long HOUR = 3_600_000_000L;

  private record User(String project, String name, double part) {}

  private static final List<User> USERS =
      List.of(
          new User("climate", "ada", 0.6 / 4),
          new User("climate", "bob", 0.6 * 3 / 4),
          new User("ocean", "cy", 0.2),
          new User("ocean", "dora", 0.2));

  /// @param end 0 while it has not started
  private record Run(User user, SubmittedJob job, int cores, int seconds, long end) {}

  private final Map<User, Double> used = new HashMap<>();
  private final Map<User, PriorityQueue<Run>> queued = new HashMap<>();
  private final PriorityQueue<Run> running =
      new PriorityQueue<>(Comparator.comparingLong(Run::end));
  private final Random random = new Random(7);
  private int ended;

  private PriorityQueue<Run> waiting(User user) {
    return queued.computeIfAbsent(
        user, ignored -> new PriorityQueue<>(Comparator.comparingInt(run -> run.job.id())));
  }

  private void submit(Cluster cluster, User user) {
    var cores = 1 + random.nextInt(6);
    var seconds = 600 + random.nextInt(3600);
    var job =
        cluster
            .as(user.name)
            .submit(
                job(task().cores(cores)).limit(seconds).with(JobProperty.PROJECT, user.project));
    waiting(user).add(new Run(user, job, cores, seconds, 0));
  }

  /// Takes notice of what has started, and keeps the queue full.
  private void look(Cluster cluster) {
    for (var user : USERS) {
      var mine = waiting(user);
      for (var each : List.copyOf(mine)) {
        if (each.job.state() == JobState.RUNNING) {
          mine.remove(each);
          running.add(
              new Run(
                  user,
                  each.job,
                  each.cores,
                  each.seconds,
                  cluster.now() + each.seconds * 1_000_000L));
        }
      }
    }
  }

  private void refill(Cluster cluster) {
    for (var user : USERS) {
      while (waiting(user).size() < WAITING) {
        submit(cluster, user);
        look(cluster);
      }
    }
  }

  @Test
  void theyGetTheirShares() {
    var cluster =
        cluster()
            .set(ClusterParameter.QUEUE_ORDER, "multifactor")
            .set(ClusterParameter.PRIORITY_WEIGHT_AGE, "0")
            .set(ClusterParameter.USAGE_HALF_LIFE, "21600")
            .share("climate", "", 60)
            .share("ocean", "", 40)
            .share("climate", "ada", 1)
            .share("climate", "bob", 3)
            .share("ocean", "cy", 1)
            .share("ocean", "dora", 1);
    for (var node = 1; node <= 3; node++) {
      cluster.node("n" + node, 16);
    }
    refill(cluster);
    var begin = cluster.now();
    var settled = begin + 24 * HOUR;
    var over = begin + 6 * 24 * HOUR;

    while (cluster.now() < over) {
      var next = running.remove();
      cluster.after(Duration.ofNanos((next.end - cluster.now()) * 1000)).finishes(next.job);
      if (cluster.now() > settled) {
        used.merge(next.user, (double) next.cores * next.seconds, Double::sum);
      }
      look(cluster);
      refill(cluster);
      if (++ended % 100 == 0) {
        cluster.does(new Command.DeleteEndedJobs(0, cluster.now() - HOUR));
      }
    }

    var all = used.values().stream().mapToDouble(Double::doubleValue).sum();
    for (var user : USERS) {
      assertThat(used.getOrDefault(user, 0.0) / all)
          .as(user.name)
          .isEqualTo(user.part, within(0.02));
    }
    // It is no idle cluster that is shared so.
    assertThat(all / ((over - settled) / 1e6 * 48)).isGreaterThan(0.9);
  }
}
