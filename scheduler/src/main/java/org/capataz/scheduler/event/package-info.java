/// What has happened to the cluster: the only things that change its state, are committed before
/// anybody hears of them, and make up the journal.
@NullMarked
package org.capataz.scheduler.event;

import org.jspecify.annotations.NullMarked;
