package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.capataz.computenode.keeper.KeeperLink;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Request;
import org.jspecify.annotations.Nullable;

/// A keeper that does what the test says.
final class FakeKeeper implements KeeperLink {

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<Optional<Report>> reports = new LinkedBlockingQueue<>();

  void says(Report report) {
    reports.add(Optional.of(report));
  }

  /// What the agent asked next.
  <T extends Request> T request(Class<T> kind) throws InterruptedException {
    var request = requests.poll(60, TimeUnit.SECONDS);
    assertThat(request).isInstanceOf(kind);
    return kind.cast(request);
  }

  @Override
  public void send(Collection<? extends Request> sent) {
    requests.addAll(sent);
  }

  @Override
  public @Nullable Report receive() {
    try {
      return reports.take().orElse(null);
    } catch (InterruptedException e) {
      return null;
    }
  }

  @Override
  public void close() {
    reports.add(Optional.empty());
  }
}
