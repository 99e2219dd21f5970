/// Where a call of the program writes, and what it may suppose of the reader.
@NullMarked
package org.capataz.cli.terminal;

import org.jspecify.annotations.NullMarked;
