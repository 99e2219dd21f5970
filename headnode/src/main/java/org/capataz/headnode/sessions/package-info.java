/// The head node's end of the streams that compute nodes open.
@NullMarked
package org.capataz.headnode.sessions;

import org.jspecify.annotations.NullMarked;
