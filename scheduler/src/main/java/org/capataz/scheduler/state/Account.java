package org.capataz.scheduler.state;

import org.capataz.model.Share;
import org.capataz.scheduler.share.Usage;

/// What one user has used of the cluster for one project, and how many jobs of theirs there are.
public final class Account {

  private final Share.Of of;
  private Usage usage = Usage.NONE;
  private int queued;
  private int running;

  Account(Share.Of of) {
    this.of = of;
  }

  /// The project as the jobs name it, be it in the share tree or not; empty for none.
  public Share.Of of() {
    return of;
  }

  public Usage usage() {
    return usage;
  }

  /// How many cores the jobs hold.
  public int cores() {
    return usage.cores();
  }

  /// How many jobs are in the queue, those that wait for a time or other jobs included.
  public int queued() {
    return queued;
  }

  /// How many jobs have started and not ended.
  public int running() {
    return running;
  }

  public boolean hasJobs() {
    return queued > 0 || running > 0;
  }

  void use(Usage changed) {
    usage = changed;
  }

  /// @param sign 1 for a job more, -1 for one less
  void count(Accounts.Standing standing, int sign) {
    switch (standing) {
      case QUEUED -> queued += sign;
      case STARTED -> running += sign;
      case OTHER -> {}
    }
  }
}
