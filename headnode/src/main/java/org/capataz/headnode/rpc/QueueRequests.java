package org.capataz.headnode.rpc;

import java.util.Optional;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.PendingReason;
import org.capataz.proto.v1.ListQueueReply;
import org.capataz.proto.v1.Merit;
import org.capataz.proto.v1.QueueEntry;
import org.capataz.scheduler.engine.QueueOutlook;

/// Shows the queue, and jobs' places in it.
final class QueueRequests {

  /// Jobs that are told of at once, which bounds how long others wait for it.
  private static final int MOST = 1000;

  private final EngineLoop loop;

  QueueRequests(EngineLoop loop) {
    this.loop = loop;
  }

  ListQueueReply list(int asked) {
    var outlook = Answers.await(loop.queue(asked <= 0 ? MOST : Math.min(asked, MOST)));
    var reply = ListQueueReply.newBuilder();
    for (var entry : outlook.entries()) {
      var job = loop.board().job(entry.job());
      if (job != null) {
        var told =
            QueueEntry.newBuilder()
                .setJob(Messages.job(job))
                .setPlace(entry.place())
                .setStartTime(entry.start().orElse(0))
                .setReason(entry.reason() == PendingReason.NONE ? "" : entry.reason().toString());
        if (outlook.byMerit()) {
          told.setMerit(merit(entry));
        }
        reply.addEntries(told);
      }
    }
    return reply.build();
  }

  /// Where a job stands that only resources keep from starting; empty for any other job.
  Optional<QueueOutlook.Entry> place(int id) {
    var now = loop.now();
    return Answers.await(
        loop.read(
            state -> {
              var job = state.job(id);
              return job == null || !state.queued().contains(job)
                  ? Optional.<QueueOutlook.Entry>empty()
                  : Optional.of(QueueOutlook.of(state, job, now));
            }));
  }

  static Merit merit(QueueOutlook.Entry entry) {
    var merit = entry.merit();
    return Merit.newBuilder()
        .setScore(entry.score())
        .setAge(merit.age())
        .setFairShare(merit.fairShare())
        .setSize(merit.size())
        .setProject(merit.project())
        .build();
  }
}
