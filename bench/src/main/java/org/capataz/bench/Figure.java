package org.capataz.bench;

/// A line of the table.
///
/// @param beside what the machine or a peer does, measured in the same run; empty for none
/// @param ratio or growth, with its aim
/// @param settings what was done, and how long others kept the machine busy meanwhile
record Figure(String what, String ours, String beside, String ratio, String settings) {

  static final Figure HEADING =
      new Figure("what", "Capataz", "beside it", "ratio or growth (aim)", "settings");

  String row() {
    return "| " + String.join(" | ", what, ours, beside, ratio, settings) + " |";
  }
}
