package org.capataz.computenode.agent;

import org.capataz.computenode.keeper.TaskOutput;
import org.capataz.model.AttemptId;

/// Asks for a piece of what an attempt wrote.
///
/// @param id unique on this connection
/// @param limit bytes wanted at most
/// @param path the user's file, or empty where the keeper has the output
record OutputQuery(
    long id,
    AttemptId attempt,
    TaskOutput.Stream stream,
    long offset,
    int limit,
    String path,
    String workDirectory) {}
