package org.capataz.computenode.keeper;

import java.util.concurrent.CountDownLatch;

/// What a child process of the keeper was started as.
sealed interface Child {

  /// An attempt's process.
  ///
  /// @param startMicros when, in microseconds since 1970
  record Task(Request.Start start, long startMicros) implements Child {}

  /// A process of an attempt that is held here.
  ///
  /// @param startMicros when, in microseconds since 1970
  /// @param before what other branches of the attempt had written before
  record Branch(Spawn.Branch start, long startMicros, TaskProcesses.Written before)
      implements Child {}

  /// The agent.
  ///
  /// @param ended opened at its end
  record Agent(CountDownLatch ended) implements Child {}
}
