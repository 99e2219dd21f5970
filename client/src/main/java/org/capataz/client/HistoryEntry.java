package org.capataz.client;

import java.time.Instant;

/// Something that happened to a job.
///
/// @param event `Created`, `TasksAdded`, `Modified`, `Configured`, `Submitted`, `Waiting`,
///   `Started`, `NodeAdded`, `NodeLeft`, `Stopping`, `Requeued` or `Ended`; newer head nodes know
///   more
/// @param detail what there is to say of it, such as why it is waiting; may be empty
/// @param node the node that was added or left, else empty
public record HistoryEntry(Instant time, String event, String detail, String node) {}
