/// Running one job and being there until it ends: a cluster of its own on this machine, progress,
/// the job's output, and a summary.
@NullMarked
package org.capataz.cli.run;

import org.jspecify.annotations.NullMarked;
