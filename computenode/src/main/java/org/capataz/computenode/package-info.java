/// The compute node's program.
@NullMarked
package org.capataz.computenode;

import org.jspecify.annotations.NullMarked;
