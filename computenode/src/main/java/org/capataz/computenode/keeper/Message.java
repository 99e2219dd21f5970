package org.capataz.computenode.keeper;

/// What agent and keeper say to each other, and, the same records, what the keeper's spool holds.
public sealed interface Message permits Request, Report, Begun, BranchBegun {}
