/// The scheduler against a world full of faults, on a virtual clock: one seed, one run. Whatever
/// happens, the promises hold after every step, and in the end every job has ended.
@NullMarked
package org.capataz.scheduler.simulation;

import org.jspecify.annotations.NullMarked;
