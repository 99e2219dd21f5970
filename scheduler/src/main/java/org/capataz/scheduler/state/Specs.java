package org.capataz.scheduler.state;

import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.Result;
import org.jspecify.annotations.Nullable;

/// Resolves drafts, and has the last one at hand: a job is resolved to be checked, and again when
/// what it asks for has become an event.
final class Specs {

  private @Nullable JobDraft last;
  private Result<JobSpec> resolved = Result.invalid("");

  @SuppressWarnings("ReferenceEquality") // to compare what is in them takes as long as to resolve
  Result<JobSpec> of(JobDraft draft) {
    if (draft != last) {
      resolved = JobSpec.resolve(draft);
      last = draft;
    }
    return resolved;
  }

  /// The spec of a draft that was checked before.
  JobSpec known(JobDraft draft) {
    return of(draft).orElseThrow();
  }
}
