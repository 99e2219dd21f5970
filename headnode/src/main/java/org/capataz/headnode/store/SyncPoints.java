package org.capataz.headnode.store;

import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/// Syncs an H2 database so that what was synced can be found again whenever the process is killed
/// or the power fails. H2's `CHECKPOINT SYNC` alone leaves three gaps:
///
/// - It may sync before H2's writing threads have written. They are awaited here.
/// - The header may not point to the version that was synced, or come to the disk before it.
///   [OrderedFiles] sees to that.
/// - Freed space is used again at once (we cannot afford to keep it for a time, as H2 does by
///   default), also space that the last synced version needs. So this one version is held: H2 then
///   frees nothing that it or a later one needs. The versions before it are needed no more, as the
///   way to it is the header alone. Until there is one to hold after a start, nothing is
///   overwritten at all.
final class SyncPoints {

  private static final int SYNCS_PER_TIDYING = 64;
  private static final int LIVE_PERCENT = 70;
  private static final int TIDIED_BYTES = 2 * 1024 * 1024;

  private int syncs;
  private MVStore.@Nullable TxCounter held;

  /// Prepares a database that was just opened.
  void opened(MVStore store) {
    store.setReuseSpace(false);
  }

  void sync(MVStore store) {
    if (++syncs % SYNCS_PER_TIDYING == 0) {
      store.compact(LIVE_PERCENT, TIDIED_BYTES);
    }
    store.commit();
    store.executeFilestoreOperation(
        () -> {
          store.getFileStore().sync();
          var before = held;
          held = store.registerVersionUsage();
          store.deregisterVersionUsage(before);
        });
    store.setReuseSpace(true);
  }
}
