/// What people have used of the cluster, and what is their share of it: pure arithmetic.
@NullMarked
package org.capataz.scheduler.share;

import org.jspecify.annotations.NullMarked;
