package org.capataz.headnode.sessions;

import java.util.function.Function;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.AttemptId;
import org.capataz.proto.v1.BranchNews;
import org.capataz.proto.v1.BranchRequest;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.wire.Identities;
import org.jspecify.annotations.Nullable;

/// Carries what the keepers of an attempt's nodes say to each other: requests from the node of its
/// command to the others, news back. It keeps nothing, and drops what it cannot deliver just now,
/// for whoever asked asks again; and what no node of that attempt may say, for good.
final class BranchRelay {

  private static final int NOWHERE = 0;

  private final EngineLoop loop;
  private final Function<Integer, @Nullable NodeSession> sessions;

  BranchRelay(EngineLoop loop, Function<Integer, @Nullable NodeSession> sessions) {
    this.loop = loop;
    this.sessions = sessions;
  }

  void request(int from, BranchRequest request) {
    var id = Identities.ofMessage(request.getAttempt());
    var message = HeadMessage.newBuilder().setBranchRequest(request).build();
    route(
        id,
        (state, attempt) -> {
          var to = state.node(request.getNode());
          return to != null
                  && to.id() != from
                  && attempt.leadNode() == from
                  && attempt.nodes().contains(to.id())
              ? to.id()
              : NOWHERE;
        },
        message);
  }

  void news(int from, BranchNews news) {
    var id = Identities.ofMessage(news.getAttempt());
    var message = HeadMessage.newBuilder().setBranchNews(news).build();
    route(
        id,
        (state, attempt) -> attempt.hasPlacementOn(from) ? attempt.leadNode() : NOWHERE,
        message);
  }

  /// Finds the node that a message is for.
  @FunctionalInterface
  private interface Way {
    int to(ClusterState state, Attempt attempt);
  }

  private void route(AttemptId id, Way way, HeadMessage message) {
    var _ =
        loop.read(
                state -> {
                  var attempt = state.attempt(id);
                  return attempt == null ? NOWHERE : way.to(state, attempt);
                })
            .thenAccept(
                to -> {
                  var session = to == NOWHERE ? null : sessions.apply(to);
                  if (session != null) {
                    session.pass(message);
                  }
                });
  }
}
