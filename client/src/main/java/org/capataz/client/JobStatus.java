package org.capataz.client;

import org.capataz.model.JobState;
import org.capataz.model.Priority;

/// How a job is at one moment.
///
/// @param name empty if it has none
/// @param owner the user who made it
/// @param message why it ended as it did, if there is more to say than its state; else empty
/// @param requeueCount how often it was queued again
/// @param project that it is counted to, empty for none
/// @param template whose rules it is held to
public record JobStatus(
    int id,
    String name,
    String owner,
    JobState state,
    Priority priority,
    Times times,
    TaskCounts taskCounts,
    Cores cores,
    String message,
    int requeueCount,
    String project,
    String template,
    JobProgress progress) {}
