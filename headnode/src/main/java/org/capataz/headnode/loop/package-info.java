/// The one thread that owns the state: it gathers, decides, commits, and only then answers.
@NullMarked
package org.capataz.headnode.loop;

import org.jspecify.annotations.NullMarked;
