@NullMarked
package org.capataz.cli.output;

import org.jspecify.annotations.NullMarked;
