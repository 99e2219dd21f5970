/// What the cluster's state is kept in between commits and restarts: a port, and its embedded
/// database. Nothing outside knows of SQL.
@NullMarked
package org.capataz.headnode.store;

import org.jspecify.annotations.NullMarked;
