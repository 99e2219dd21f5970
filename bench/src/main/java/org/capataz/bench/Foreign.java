package org.capataz.bench;

/// How many cores processes that are not ours use on average, from its making on.
final class Foreign {

  private final long begin = System.nanoTime();
  private final double machine = Cpu.machine();
  private final double ours = Cpu.ofTree(ProcessHandle.current());

  double cores() {
    var others = Cpu.machine() - machine - (Cpu.ofTree(ProcessHandle.current()) - ours);
    return Math.max(0, others / ((System.nanoTime() - begin) / 1e9));
  }

  @Override
  public String toString() {
    return "others %.2f cores".formatted(cores());
  }
}
