@NullMarked
package org.capataz.computenode.agent;

import org.jspecify.annotations.NullMarked;
