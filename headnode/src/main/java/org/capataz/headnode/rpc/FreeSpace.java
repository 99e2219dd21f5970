package org.capataz.headnode.rpc;

import io.grpc.Status;
import java.nio.file.Path;
import java.util.UUID;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.ClusterParameter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refuses new work while the disk of the database is nearly full: what is accepted already needs
/// room to be recorded.
public final class FreeSpace {

  private static final Logger LOG = LoggerFactory.getLogger(FreeSpace.class);

  private final EngineLoop loop;
  private final Disk disk;
  private volatile boolean isShort;

  /// The disk of the database.
  public interface Disk {
    /// Where the database is, as administrators know it.
    String place();

    /// Megabytes that may be written.
    long freeMegabytes();

    /// That of a directory.
    static Disk of(Path directory) {
      return new Disk() {
        @Override
        public String place() {
          return directory.toString();
        }

        @Override
        public long freeMegabytes() {
          return directory.toFile().getUsableSpace() >> 20;
        }
      };
    }
  }

  FreeSpace(EngineLoop loop, Disk disk) {
    this.loop = loop;
    this.disk = disk;
  }

  /// Lets a request through that adds work. One that was carried out before is let through too: its
  /// answer was lost, and who asks is to have it.
  void check(UUID request) {
    var mark = loop.settings().number(ClusterParameter.FREE_SPACE_MARK);
    var free = disk.freeMegabytes();
    note(free < mark, free);
    if (free < mark && Answers.await(loop.read(state -> state.answerTo(request))) == null) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "expected at least %d MB free for the database in %s of the head node, but there are %d; make room there, or set the cluster's FreeSpaceMark"
                  .formatted(mark, disk.place(), free))
          .asRuntimeException();
    }
  }

  private void note(boolean nowShort, long free) {
    if (nowShort != isShort) {
      isShort = nowShort;
      if (nowShort) {
        LOG.warn("new jobs are refused: only {} MB are free in {}", free, disk.place());
      } else {
        LOG.info("new jobs are accepted again: {} MB are free in {}", free, disk.place());
      }
    }
  }
}
