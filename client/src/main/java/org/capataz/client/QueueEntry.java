package org.capataz.client;

import java.time.Instant;
import java.util.Optional;

/// A job in the queue.
///
/// @param place from 1, in the order in which jobs come to their turn
/// @param merit empty unless QueueOrder is multifactor
/// @param start when it starts if nothing comes between, by the run-time limits of jobs; empty
///   where that is not known
/// @param reason why it waits, one word for programs such as `NotEnoughResource`; empty if none was
///   noted
public record QueueEntry(
    JobStatus job, int place, Optional<Merit> merit, Optional<Instant> start, String reason) {}
