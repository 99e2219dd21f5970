package org.capataz.computenode.keeper;

import org.capataz.model.AttemptId;

/// The spool's note that a branch of a held attempt is about to be started: from here on something
/// of the attempt may run that a later keeper would not see end.
record BranchBegun(AttemptId attempt) implements Message {}
