@NullMarked
package org.capataz.cli;

import org.jspecify.annotations.NullMarked;
