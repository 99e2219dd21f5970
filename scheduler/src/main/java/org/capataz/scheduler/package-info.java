/// The verbs of the scheduler, as pure functions of state, command and time.
@NullMarked
package org.capataz.scheduler;

import org.jspecify.annotations.NullMarked;
