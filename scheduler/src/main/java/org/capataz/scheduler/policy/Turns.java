package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;
import org.capataz.model.QueueRules;
import org.jspecify.annotations.Nullable;

/// In which order jobs come to their turn: priority first, then what the administrator has chosen.
/// Jobs that have waited for long come before others, and those that run, and cannot go on, before
/// these.
final class Turns {

  private Turns() {}

  /// The claims in turn; no further looked at than they are asked for, where they are in turn
  /// already.
  static Iterator<Snapshot.Claim> of(Snapshot snapshot) {
    if (!snapshot.rules().isFirstComeFirst()
        && snapshot.rules().order() == QueueRules.Order.MULTIFACTOR) {
      return byMerit(snapshot);
    }
    var score = score(snapshot);
    if (score == null) {
      return snapshot.claims().iterator();
    }
    record Ranked(Snapshot.Claim claim, double score) {}
    var ranked = new ArrayList<Ranked>();
    snapshot.claims().forEach(claim -> ranked.add(new Ranked(claim, score.applyAsDouble(claim))));
    // The sort is stable: among equals, those that came first are first.
    ranked.sort(
        Comparator.comparing((Ranked each) -> each.claim.priority())
            .reversed()
            .thenComparingDouble(Ranked::score));
    return ranked.stream().map(Ranked::claim).iterator();
  }

  /// A candidate in a heap, which tells the first ones of many without sorting them all.
  ///
  /// @param place among all, in the order in which they came
  private record Standing(Candidate candidate, double score, int place)
      implements Comparable<Standing> {

    @Override
    public int compareTo(Standing other) {
      var byPriority = other.candidate.priority().compareTo(candidate.priority());
      var byScore = byPriority == 0 ? Double.compare(other.score, score) : byPriority;
      return byScore == 0 ? Integer.compare(place, other.place) : byScore;
    }
  }

  private static Iterator<Snapshot.Claim> byMerit(Snapshot snapshot) {
    var now = snapshot.now();
    var guard = snapshot.rules().guardSeconds();
    var standings = new ArrayList<Standing>();
    for (var candidate : snapshot.candidates()) {
      var waited = seconds(now - candidate.submitted());
      var score =
          candidate.hasStarted() || waited >= guard ? Double.POSITIVE_INFINITY : candidate.score();
      standings.add(new Standing(candidate, score, standings.size()));
    }
    var heap = new PriorityQueue<>(standings);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !heap.isEmpty();
      }

      @Override
      public Snapshot.Claim next() {
        return heap.remove().candidate.claim();
      }
    };
  }

  /// What is first the lower it is; null where they come as they were submitted.
  private static @Nullable ToDoubleFunction<Snapshot.Claim> score(Snapshot snapshot) {
    var now = snapshot.now();
    var guard = snapshot.rules().guardSeconds();
    if (snapshot.rules().isFirstComeFirst()) {
      return null;
    }
    ToDoubleFunction<Snapshot.Claim> score =
        switch (snapshot.rules().order()) {
          case FCFS, MULTIFACTOR -> claim -> 0;
          case SJF -> Turns::runtime;
          case SAF -> claim -> runtime(claim) * claim.units().min();
          case WFP3 ->
              claim -> -Math.pow(waited(claim, now) / runtime(claim), 3) * claim.units().min();
          case UNICEP ->
              claim ->
                  -waited(claim, now) / (Math.max(1, log2(claim.units().min())) * runtime(claim));
          case F1 ->
              claim ->
                  Math.log10(runtime(claim)) * claim.units().min()
                      + 870 * Math.log10(Math.max(seconds(claim.times().submitted()), 1));
        };
    return claim ->
        claim.times().started() != 0 || waited(claim, now) >= guard
            ? Double.NEGATIVE_INFINITY
            : score.applyAsDouble(claim);
  }

  /// Seconds that it may take; without end, it comes last.
  private static double runtime(Snapshot.Claim claim) {
    var limit = claim.times().runtimeSeconds();
    return limit == 0 ? Snapshot.NEVER : limit;
  }

  private static double waited(Snapshot.Claim claim, long now) {
    return seconds(now - claim.times().submitted());
  }

  private static double seconds(long micros) {
    return Math.floorDiv(micros, 1_000_000);
  }

  private static double log2(int number) {
    return Integer.bitCount(number) == 1
        ? Integer.numberOfTrailingZeros(number)
        : Math.log(number) / Math.log(2);
  }
}
