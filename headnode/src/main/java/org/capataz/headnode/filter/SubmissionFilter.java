package org.capataz.headnode.filter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.capataz.jobsxml.JobFile;
import org.capataz.jobsxml.JobFileForm;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.Refusal;
import org.capataz.model.Result;

/// Asks the program that the parameter SubmissionFilterProgram names about each job that is to be
/// queued: it is given the job as a file, may rewrite what the file says of the job as a whole, and
/// accepts with exit code 0. HPC Pack's submission filter.
public final class SubmissionFilter {

  private final FilterProgram programs = new FilterProgram();

  /// Asks about a job, if there is anybody to ask. Waits for the program.
  ///
  /// @param id of the job, 0 for one that does not exist yet
  /// @return what the program changes
  public Result<JobChange> ask(ClusterSettings settings, int id, String owner, JobDraft draft) {
    var program = settings.get(ClusterParameter.SUBMISSION_FILTER_PROGRAM);
    if (program.isEmpty()) {
      return Result.ok(JobChange.NONE);
    }
    return JobFile.write(draft, JobFileForm.CAPATAZ)
        .then(xml -> ask(settings, Path.of(program), id, owner, xml));
  }

  private Result<JobChange> ask(
      ClusterSettings settings, Path program, int id, String owner, byte[] xml) {
    try (var folder = new JobFolder(xml)) {
      var verdict =
          programs.run(
              program,
              List.of(folder.file().toString()),
              Map.of("CCP_JOBID", Integer.toString(id), "CCP_OWNER", owner),
              folder.folder(),
              settings.number(ClusterParameter.SUBMISSION_FILTER_TIMEOUT));
      return switch (verdict) {
        case FilterProgram.Exited(var code, var said) when code == 0 -> change(folder.file(), xml);
        case FilterProgram.Exited(var code, var said) ->
            refused(
                "expected a job that the submission filter accepts, but it "
                    + (said.isEmpty() ? "rejects it with exit code " + code : "says: " + said));
        case FilterProgram.TimedOut t ->
            refused(
                "expected the submission filter to answer within "
                    + settings.number(ClusterParameter.SUBMISSION_FILTER_TIMEOUT)
                    + " s, but it did not; ask whoever runs the head node");
        case FilterProgram.Broken(var why) ->
            refused(
                "the submission filter cannot run: " + why + "; ask whoever runs the head node");
      };
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return refused("the head node stops; try again when it is back");
    }
  }

  private static Result<JobChange> refused(String why) {
    return Result.refused(new Refusal(Refusal.Code.NOT_ALLOWED, why));
  }

  /// What the file says now and did not before.
  private static Result<JobChange> change(Path file, byte[] before) throws IOException {
    if (Arrays.equals(Files.readAllBytes(file), before)) {
      return Result.ok(JobChange.NONE);
    }
    var original = JobFile.read(new ByteArrayInputStream(before), "job.xml").orElseThrow();
    return switch (JobFile.read(new ByteArrayInputStream(Files.readAllBytes(file)), "job.xml")) {
      case Result.Ok<JobFile>(var after) ->
          Result.ok(JobChange.between(original.draft(), after.draft()));
      case Result.Refused<JobFile>(var refusal) ->
          refused(
              "the submission filter leaves a job file that cannot be read: "
                  + refusal.message()
                  + "; ask whoever runs the head node");
    };
  }
}
