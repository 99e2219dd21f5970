package org.capataz.headnode.store;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A commit, for who makes a flight recording of the head node: how long the engine's thread waited
/// for the database to write and sync it. Costs next to nothing while nobody records.
@Name("capataz.Commit")
@Label("Commit")
@Category("Capataz")
@StackTrace(false)
final class Commit extends Event {
  @Label("Events")
  int events;

  @Label("Journal records")
  int records;
}
