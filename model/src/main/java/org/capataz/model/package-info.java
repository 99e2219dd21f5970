/// The nouns of Capataz: identities, jobs as people write them ([JobDraft]) and as the engine runs
/// them ([JobSpec]), resources, states, and the catalogue of properties that every reader, writer
/// and option is driven by. Pure values: no clock, no thread, no input or output.
@NullMarked
package org.capataz.model;

import org.jspecify.annotations.NullMarked;
