/// Code that the rules of the architecture must reject, in a package that they apply to: it shows
/// that they still bite.
@NullMarked
package org.capataz.scheduler.broken;

import org.jspecify.annotations.NullMarked;
