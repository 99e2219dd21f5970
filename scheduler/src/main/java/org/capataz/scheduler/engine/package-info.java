/// Decides what happens: reads the state, emits events, and changes nothing but by applying them.
@NullMarked
package org.capataz.scheduler.engine;

import org.jspecify.annotations.NullMarked;
