/// The head node's program.
@NullMarked
package org.capataz.headnode;

import org.jspecify.annotations.NullMarked;
