package org.capataz.headnode.store;

import java.io.IOException;
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
///
/// It also keeps the file small: it writes what is live in old chunks anew, so that their space is
/// used again. H2 would do so by the clock, in pieces of megabytes, which leave holes of that size,
/// and move chunks to where another one lies that the last synced version may still need.
final class SyncPoints {

  private static final int SYNCS_PER_TIDYING = 16;

  /// Percents of the chunks' content that are live below which there is something to tidy up.
  private static final int UNTIDY = 80;

  /// Those below which it is urgent.
  private static final int URGENT = 60;

  /// The part of the file that is written at a time to tidy up, and that where it is urgent:
  /// little, as a commit waits for it, and as each piece needs a hole of its size.
  private static final int PART = 64;

  private static final int URGENT_PART = 16;

  private static final long SMALLEST_PIECE = 64 * 1024;
  private static final long LARGEST_PIECE = 1024 * 1024;

  private int syncs;

  /// How many copies of the file are being made, for which nothing in it may be overwritten.
  private int copies;

  private MVStore.@Nullable TxCounter held;

  /// Prepares a database that was just opened.
  void opened(MVStore store) {
    store.setReuseSpace(false);
  }

  void sync(MVStore store) {
    if (++syncs % SYNCS_PER_TIDYING == 0) {
      tidy(store);
    }
    store.commit();
    store.executeFilestoreOperation(
        () -> {
          store.getFileStore().sync();
          var before = held;
          held = store.registerVersionUsage();
          store.deregisterVersionUsage(before);
          store.setReuseSpace(copies == 0);
        });
  }

  /// What is done with the bytes of a file.
  interface Copying {
    void run() throws IOException;
  }

  /// Lets somebody look at a database that is at rest, and from then on overwrites nothing of it
  /// but the file's header until it is copied. Any thread may ask.
  void copy(MVStore store, Runnable look, Copying copying) throws IOException {
    store.executeFilestoreOperation(
        () -> {
          look.run();
          copies++;
          store.setReuseSpace(false);
        });
    try {
      copying.run();
    } finally {
      // The next sync uses space again.
      store.executeFilestoreOperation(() -> copies--);
    }
  }

  private static void tidy(MVStore store) {
    var file = store.getFileStore();
    var piece = file.size() / (file.getChunksFillRate() < URGENT ? URGENT_PART : PART);
    store.compact(UNTIDY, (int) Math.clamp(piece, SMALLEST_PIECE, LARGEST_PIECE));
  }
}
