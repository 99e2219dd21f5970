package org.capataz.headnode.store;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.TaskDraft;
import org.capataz.wire.Changes;
import org.capataz.wire.Drafts;
import org.jspecify.annotations.Nullable;

/// What was once written of a job: first the job, then what was added to it and changed of it.
sealed interface DraftPart {

  /// The client's request that wrote it, null if there was none, and for the job itself.
  @Nullable UUID requestId();

  /// The number that is stored.
  int kind();

  byte[] bytes();

  record Written(JobDraft draft) implements DraftPart {
    private static final int KIND = 0;

    @Override
    public @Nullable UUID requestId() {
      return null;
    }

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public byte[] bytes() {
      return Drafts.toBytes(draft);
    }
  }

  record Added(@Nullable UUID requestId, List<TaskDraft> tasks) implements DraftPart {
    private static final int KIND = 1;

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public byte[] bytes() {
      return Drafts.toBytes(JobDraft.EMPTY.withTasks(tasks));
    }
  }

  record Changed(@Nullable UUID requestId, JobChange change) implements DraftPart {
    private static final int KIND = 2;

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public byte[] bytes() {
      return Changes.toBytes(change);
    }
  }

  /// Reads a stored part.
  static DraftPart of(int kind, @Nullable UUID requestId, byte[] bytes) {
    return switch (kind) {
      case Written.KIND -> new Written(Drafts.ofBytes(bytes));
      case Added.KIND -> new Added(requestId, Drafts.ofBytes(bytes).tasks());
      case Changed.KIND -> new Changed(requestId, Changes.ofBytes(bytes));
      default -> throw new IllegalStateException("expected a known part of a job, but got " + kind);
    };
  }

  /// The job that it makes of the job before.
  default JobDraft on(JobDraft before) {
    return switch (this) {
      case Written(var draft) -> draft;
      case Added(var request, var tasks) -> {
        var more = new ArrayList<>(before.tasks());
        more.addAll(tasks);
        yield before.withTasks(more);
      }
      case Changed(var request, var change) -> change.on(before).orElseThrow();
    };
  }

  /// The job that its parts make together.
  ///
  /// @throws NoSuchElementException if there is none
  static JobDraft whole(List<DraftPart> parts) {
    if (parts.isEmpty()) {
      throw new NoSuchElementException("expected a job, but nothing is stored of it");
    }
    var draft = JobDraft.EMPTY;
    for (var part : parts) {
      draft = part.on(draft);
    }
    return draft;
  }
}
