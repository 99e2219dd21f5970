/// Tests of the whole: real processes, real files, and the rules that all modules keep.
@NullMarked
package org.capataz.systemtests;

import org.jspecify.annotations.NullMarked;
