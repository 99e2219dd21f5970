package org.capataz.computenode.process;

/// A process, told apart from a later one with the same number. Within one boot of the machine,
/// that is: compare boot ids first.
///
/// @param startTicks field 22 of `/proc/PID/stat`, raw: clock ticks since boot, which no change of
///   the wall clock moves
public record ProcessId(int pid, long startTicks) {}
