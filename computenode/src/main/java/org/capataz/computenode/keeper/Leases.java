package org.capataz.computenode.keeper;

import java.util.List;
import java.util.Optional;
import org.capataz.model.AttemptId;

/// How long attempts may run though the head node does not say that it has this node for connected:
/// a lease is as long as its attempt's limit says, and begins anew with each renewal. So whatever
/// the head node takes for lost after a longer time has indeed ended.
///
/// All leases are renewed together, so that one time is all there is to remember. A lease that has
/// ended stays so: take what has ended before anything is renewed. Pure, as [KeeperState], whose
/// part it is.
final class Leases {

  /// A renewal is worth a note when the last one is this part of the shortest lease old: a keeper
  /// that takes over counts from there.
  private static final int NOTES = 4;

  /// The lease of each attempt, by its length.
  private final Alarms lengths = new Alarms();

  /// In milliseconds since the machine was booted; long before that, if never.
  private long renewedAt = Long.MIN_VALUE / 2;

  private long notedAt = renewedAt;

  /// @param lease 0 for none
  void add(AttemptId attempt, long lease) {
    lengths.set(attempt, lease == 0 ? Alarms.NEVER : lease);
  }

  void remove(AttemptId attempt) {
    lengths.clear(attempt);
  }

  /// The head node had this node for connected then, or later.
  void renew(long millis) {
    renewedAt = Math.max(renewedAt, millis);
  }

  /// An earlier keeper noted so.
  void restore(Request.Renew noted) {
    renew(noted.millis());
    notedAt = renewedAt;
  }

  /// Whether a lease of this length has ended; 0 never does.
  boolean hasEnded(long lease, Moment now) {
    return lease > 0 && now.millis() - renewedAt >= lease;
  }

  /// Takes the attempts whose leases have ended.
  List<AttemptId> takeEnded(Moment now) {
    return lengths.due(now.millis() - renewedAt);
  }

  /// When the first one ends; [Alarms#NEVER] if none does.
  long nextEnd() {
    return lengths.next().isEmpty()
        ? Alarms.NEVER
        : Math.max(0, renewedAt + lengths.next().getAsLong());
  }

  /// The length of the shortest one; 0 if there is none.
  long shortest() {
    return lengths.next().orElse(0);
  }

  /// What a later keeper has to know of the last renewal; empty if there are no leases.
  Optional<Request.Renew> record() {
    return lengths.next().isEmpty() ? Optional.empty() : Optional.of(new Request.Renew(renewedAt));
  }

  /// [#record], if it is worth a note since the last one, which it is then taken for.
  Optional<Request.Renew> note() {
    if (lengths.next().isEmpty() || renewedAt - notedAt < shortest() / NOTES) {
      return Optional.empty();
    }
    notedAt = renewedAt;
    return record();
  }
}
