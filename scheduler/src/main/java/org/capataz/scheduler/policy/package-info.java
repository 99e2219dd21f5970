/// Which jobs get which cores: pure functions from a snapshot to a plan.
@NullMarked
package org.capataz.scheduler.policy;

import org.jspecify.annotations.NullMarked;
