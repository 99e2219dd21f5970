/// The state of the cluster. It reads freely and changes only by
/// [org.capataz.scheduler.state.ClusterState#apply]: everything that writes is private to this
/// package.
@NullMarked
package org.capataz.scheduler.state;

import org.jspecify.annotations.NullMarked;
