/// Replays of recorded loads: the scheduler of a head node in virtual time, without a world.
@NullMarked
package org.capataz.simulator;

import org.jspecify.annotations.NullMarked;
