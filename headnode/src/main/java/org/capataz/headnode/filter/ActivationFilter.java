package org.capataz.headnode.filter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.capataz.jobsxml.JobFile;
import org.capataz.jobsxml.JobFileForm;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobDraft;
import org.capataz.model.Result;
import org.capataz.scheduler.engine.Activation.Answer;
import org.capataz.scheduler.engine.Activation.Question;
import org.capataz.scheduler.engine.Activation.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the program that the parameter ActivationFilterProgram names whether a job may start: it is
/// given the job as a file and the facts of the scheduling pass, and answers with its exit code.
/// HPC Pack's activation filter.
public final class ActivationFilter {

  private static final Logger LOG = LoggerFactory.getLogger(ActivationFilter.class);
  private static final String ASK = "; ask whoever runs the head node";

  private final FilterProgram programs = new FilterProgram();

  /// Asks about a job. Waits for the program.
  ///
  /// @throws InterruptedException if the head node stops
  public Answer ask(ClusterSettings settings, Question question, String owner, JobDraft draft)
      throws InterruptedException {
    var program = settings.get(ClusterParameter.ACTIVATION_FILTER_PROGRAM);
    return switch (JobFile.write(draft, JobFileForm.CAPATAZ)) {
      case Result.Refused<byte[]>(var refusal) ->
          new Answer(Verdict.LATER, refusal.message() + ASK);
      case Result.Ok<byte[]>(var xml) -> {
        try (var folder = new JobFolder(xml)) {
          var seconds = settings.number(ClusterParameter.ACTIVATION_FILTER_TIMEOUT);
          var verdict =
              programs.run(
                  Path.of(program),
                  arguments(folder, question),
                  Map.of("CCP_JOBID", Integer.toString(question.job()), "CCP_OWNER", owner),
                  folder.folder(),
                  seconds);
          if (verdict instanceof FilterProgram.TimedOut) {
            LOG.warn(
                "job {} may start because {} did not answer within {} s",
                question.job(),
                program,
                seconds);
          }
          yield answer(verdict);
        } catch (IOException broken) {
          throw new UncheckedIOException(broken);
        }
      }
    };
  }

  /// HPC Pack's, in its order.
  private static List<String> arguments(JobFolder folder, Question question) {
    return List.of(
        folder.file().toString(),
        Long.toString(question.pass()),
        Integer.toString(question.place()),
        Boolean.toString(question.overtakes()),
        Integer.toString(question.resources()));
  }

  private static Answer answer(FilterProgram.Verdict verdict) {
    return switch (verdict) {
      case FilterProgram.Exited(var code, var said) ->
          switch (code) {
            case 0 -> new Answer(Verdict.START, said);
            case 1 -> new Answer(Verdict.BLOCK, said);
            case 2 -> new Answer(Verdict.RESERVE, said);
            case 3 -> new Answer(Verdict.HOLD, said);
            case 4 -> new Answer(Verdict.FAIL, said);
            default ->
                new Answer(
                    Verdict.LATER, "exit code " + code + (said.isEmpty() ? "" : ": " + said));
          };
      // As in HPC Pack: a filter that hangs does not stop the cluster.
      case FilterProgram.TimedOut t -> new Answer(Verdict.START, "");
      case FilterProgram.Broken(var why) ->
          new Answer(Verdict.LATER, "it cannot run: " + why + ASK);
    };
  }
}
