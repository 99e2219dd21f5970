/// What of the state is public: made anew after each commit, immutable, and read by every other
/// thread.
@NullMarked
package org.capataz.headnode.view;

import org.jspecify.annotations.NullMarked;
