/// Measures what Capataz costs, beside what the machine can do.
@NullMarked
package org.capataz.bench;

import org.jspecify.annotations.NullMarked;
