/// Processes as Linux has them: started by `posix_spawn`, each in a session of its own, and
/// collected in two steps, so that their end can be recorded before the kernel forgets it. The only
/// package that uses the foreign-function API.
@NullMarked
package org.capataz.computenode.process;

import org.jspecify.annotations.NullMarked;
