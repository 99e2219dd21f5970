package org.capataz.computenode.process;

import org.jspecify.annotations.Nullable;

/// A process that has ended and that the kernel still remembers: its number is not given to another
/// before [Children#reap].
///
/// @param owner what it was started as, or null for a process that one of our processes left behind
public record Zombie<T>(int pid, @Nullable T owner, ExitStatus status, ResourceUsage usage) {}
