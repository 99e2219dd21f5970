package org.capataz.client;

import org.capataz.model.TaskDraft;

/// A task and what was written for it.
public record TaskDetail(TaskStatus status, TaskDraft draft) {}
