@NullMarked
package org.capataz.scheduler.state;

import org.jspecify.annotations.NullMarked;
