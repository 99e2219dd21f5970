package org.capataz.headnode.rpc;

import org.capataz.headnode.filter.SubmissionFilter;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;

/// Has the cluster's filter look at what is to be queued.
final class Filtering {

  private final EngineLoop loop;
  private final SubmissionFilter filter = new SubmissionFilter();

  Filtering(EngineLoop loop) {
    this.loop = loop;
  }

  /// The job as the filter wants it.
  JobDraft filtered(String owner, JobDraft draft) {
    return Answers.accepted(change(0, owner, draft).on(draft));
  }

  /// What the filter changes of a job.
  JobChange change(int id, String owner, JobDraft draft) {
    return Answers.accepted(filter.ask(loop.settings(), id, owner, draft));
  }

  /// Whether there is a filter at all.
  boolean isOn() {
    return !loop.settings().get(ClusterParameter.SUBMISSION_FILTER_PROGRAM).isEmpty();
  }
}
