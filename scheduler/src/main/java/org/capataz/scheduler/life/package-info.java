/// The life cycles of jobs, attempts and grants: sealed states, each with only the data that is
/// true in it, and one exhaustive switch over (state, step).
@NullMarked
package org.capataz.scheduler.life;

import org.jspecify.annotations.NullMarked;
