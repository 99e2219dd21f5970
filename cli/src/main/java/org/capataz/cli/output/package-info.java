/// How results are written: tables for people, JSON and CSV for programs, ids for scripts. What a
/// thing consists of is said once, in a [org.capataz.cli.output.Noun], for all of them.
@NullMarked
package org.capataz.cli.output;

import org.jspecify.annotations.NullMarked;
