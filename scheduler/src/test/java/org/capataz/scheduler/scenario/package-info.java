/// A language for scenarios: a cluster with a virtual clock, whose nodes do what they are told to;
/// and the scheduler's rules, told in it.
@NullMarked
package org.capataz.scheduler.scenario;

import org.jspecify.annotations.NullMarked;
