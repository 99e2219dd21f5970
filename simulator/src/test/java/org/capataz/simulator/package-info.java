@NullMarked
package org.capataz.simulator;

import org.jspecify.annotations.NullMarked;
