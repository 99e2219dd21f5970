package org.capataz.jobsxml;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.Result;

/// A job definition file that was read: the job as its author wrote it, what has no effect in it,
/// and where its tasks stand.
///
/// Reads files of the Compute Cluster Server 2003, of HPC Server 2008, of HPC Pack, and files
/// without a namespace; see `docs/job-files.md`.
///
/// @param warnings one line each, for what has no effect
/// @param places where the job's element starts, then each task's
public record JobFile(JobDraft draft, List<String> warnings, List<Position> places) {

  private static final Pattern IN_TASK = Pattern.compile("task (\\d{1,9})\\b.*", Pattern.DOTALL);

  public JobFile {
    warnings = List.copyOf(warnings);
    places = List.copyOf(places);
  }

  /// Reads a file. Whatever is wrong with it, that it cannot be opened included, is a refusal.
  public static Result<JobFile> read(Path file) {
    return XmlFiles.read(file, (text, name) -> new JobFileReader(text, name).read("Job"));
  }

  /// Reads a task file, whose root is a `Task`: a job with that task alone. `DependsOn` may name
  /// tasks that are elsewhere, so that [#resolve] may not apply.
  public static Result<JobFile> readTask(Path file) {
    return XmlFiles.read(file, (text, name) -> new JobFileReader(text, name).read("Task"));
  }

  /// Reads a file from a stream, which is left open.
  ///
  /// @param name how messages name the file
  public static Result<JobFile> read(InputStream in, String name) {
    return XmlFiles.read(in, name, (text, file) -> new JobFileReader(text, file).read("Job"));
  }

  /// Writes a job as a file, in UTF-8. Reading it gives the same job; in [JobFileForm#CAPATAZ] of a
  /// draft of that dialect, and in [JobFileForm#HPC_PACK] of one of that, the same draft.
  ///
  /// Refused is what XML cannot hold, such as control characters, and what HPC Pack cannot say,
  /// such as a sweep over values.
  public static Result<byte[]> write(JobDraft draft, JobFileForm form) {
    try {
      return Result.ok(new JobFileWriter(form).write(draft).getBytes(StandardCharsets.UTF_8));
    } catch (Refusing refused) {
      return Result.refused(refused.refusal());
    }
  }

  /// The job that the engine would run. A refusal names the place in the file that it is about.
  public Result<JobSpec> resolve() {
    return switch (JobSpec.resolve(draft)) {
      case Result.Ok<JobSpec> ok -> ok;
      case Result.Refused<JobSpec>(var refusal) -> {
        var task = IN_TASK.matcher(refusal.message());
        var place = places.get(task.matches() ? Integer.parseInt(task.group(1)) : 0);
        yield Result.refused(refusal.in(place.toString()));
      }
    };
  }
}
