/// The nouns of the scheduler. Pure: no clock, no thread, no input or output.
@NullMarked
package org.capataz.model;

import org.jspecify.annotations.NullMarked;
