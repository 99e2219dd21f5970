package org.capataz.headnode.store;

import java.util.ArrayDeque;
import java.util.Deque;
import org.h2.mvstore.MVStore;

/// Syncs an H2 database so that what was synced can be found again whenever the process is killed
/// or the power fails. H2 finds its latest version by following a chain of versions from the one
/// that the file's header points to, and its `CHECKPOINT SYNC` alone leaves three gaps:
///
/// - It may sync before H2's writing threads have written. They are awaited here.
/// - The header may come to the disk before the version that it points to. [OrderedFiles] sees to
///   that.
/// - Freed space is used again at once (we cannot afford to keep it for a time, as H2 does by
///   default), and with it the chain, or a version on which the last one on the disk builds, may be
///   overwritten. So the latest versions are held, more than a chain is long; and until there are
///   some to hold after a start, nothing is overwritten at all.
final class SyncPoints {

  /// H2 writes its header at least every 20 versions, except while it appends; and while it
  /// appends, the end of the file is as good as the header.
  private static final int HELD_VERSIONS = 64;

  private final Deque<MVStore.TxCounter> held = new ArrayDeque<>();

  /// Prepares a database that was just opened.
  void opened(MVStore store) {
    store.setReuseSpace(false);
  }

  void sync(MVStore store) {
    store.commit();
    store.executeFilestoreOperation(
        () -> {
          store.getFileStore().sync();
          held.add(store.registerVersionUsage());
        });
    store.setReuseSpace(true);
    while (store.getCurrentVersion() - held.getFirst().version > HELD_VERSIONS && held.size() > 1) {
      store.deregisterVersionUsage(held.removeFirst());
    }
  }
}
