/// The program `capataz`, one class per command.
@NullMarked
package org.capataz.cli;

import org.jspecify.annotations.NullMarked;
