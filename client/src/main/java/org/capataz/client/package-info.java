/// The programmatic job API.
@NullMarked
package org.capataz.client;

import org.jspecify.annotations.NullMarked;
