/// The translation between the model and the messages of the wire contract, both ways side by side.
@NullMarked
package org.capataz.wire;

import org.jspecify.annotations.NullMarked;
