package org.capataz.cli;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.capataz.jobsxml.JobFile;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;

/// Job files as the command line takes them: a file's tasks run in its folder unless they say
/// otherwise.
final class JobFiles {

  private JobFiles() {}

  /// Reads and checks a job file; what has no effect in it is said on standard error.
  ///
  /// @param change what the command line says about the job
  static JobDraft read(String name, World world, UnaryOperator<JobDraft> change) {
    var path = world.directory().resolve(name).normalize();
    var file = Accepted.value(JobFile.read(path));
    file.warnings().forEach(world.streams()::say);
    var changed =
        new JobFile(
            change.apply(inFolder(file.draft(), folder(path))), file.warnings(), file.places());
    if (!mayBeCompleted(changed.draft())) {
      Accepted.value(changed.resolve());
    }
    for (var number = 1; number <= changed.draft().tasks().size(); number++) {
      var place = changed.places().get(number) + ": ";
      SweepMistakes.of(changed.draft().tasks().get(number - 1))
          .forEach(mistake -> world.streams().say(place + mistake));
    }
    return changed.draft();
  }

  /// Whether defaults of a template may make right what is wrong, which the head node knows.
  static boolean mayBeCompleted(JobDraft draft) {
    return draft.get(JobProperty.JOB_TEMPLATE).isPresent();
  }

  /// Reads and checks a task file, whose task is to be added to a job.
  static TaskDraft readTask(String name, World world) {
    var path = world.directory().resolve(name).normalize();
    var file = Accepted.value(JobFile.readTask(path));
    file.warnings().forEach(world.streams()::say);
    return inFolder(file.draft().tasks().getFirst(), folder(path));
  }

  static Path folder(Path file) {
    var parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  private static JobDraft inFolder(JobDraft draft, Path folder) {
    return draft.withTasks(draft.tasks().stream().map(task -> inFolder(task, folder)).toList());
  }

  private static TaskDraft inFolder(TaskDraft task, Path folder) {
    return task.with(
        TaskProperty.WORK_DIRECTORY,
        Inputs.absolute(task.get(TaskProperty.WORK_DIRECTORY).orElse(""), folder));
  }
}
