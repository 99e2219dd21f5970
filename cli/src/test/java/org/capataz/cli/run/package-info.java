@NullMarked
package org.capataz.cli.run;

import org.jspecify.annotations.NullMarked;
