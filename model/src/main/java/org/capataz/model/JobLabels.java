package org.capataz.model;

/// What a job is filed under; it does not decide how the job runs.
///
/// @param project that it is counted to, empty for none
/// @param template whose rules it was held to
public record JobLabels(String project, String template) {

  public static JobLabels of(JobDraft draft) {
    return new JobLabels(draft.get(JobProperty.PROJECT).orElse(""), JobTemplate.nameOf(draft));
  }
}
