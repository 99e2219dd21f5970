package org.capataz.headnode.rpc;

import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobDraft;
import org.capataz.model.Moment;
import org.capataz.model.PendingReason;
import org.capataz.model.Unit;
import org.capataz.proto.v1.TrialPlace;
import org.capataz.proto.v1.TryJobReply;
import org.capataz.scheduler.engine.Trial;

/// Says what would become of jobs.
final class Trials {

  private final EngineLoop loop;

  Trials(EngineLoop loop) {
    this.loop = loop;
  }

  TryJobReply of(String user, JobDraft draft) {
    var trial = Answers.accepted(Answers.await(loop.tryOut(user, draft)));
    var hasNodes = !loop.board().nodes().isEmpty();
    var reply =
        TryJobReply.newBuilder()
            .setReason(trial.reason().toString())
            .setSentence(hasNodes ? sentence(trial) + unasked() : Explainer.NO_NODES)
            .setJobsAhead(trial.jobsAhead())
            .setStartTime(trial.startTime().orElse(0))
            .setUnit(trial.spec().resources().unit().modelName())
            .setMin(trial.spec().units().min())
            .setMax(trial.spec().units().max())
            .setInstances(
                trial.spec().tasks().stream()
                    .filter(task -> !task.kind().isOpen())
                    .mapToLong(task -> task.sweep().count())
                    .sum());
    for (var place : trial.places()) {
      reply.addPlaces(
          TrialPlace.newBuilder()
              .setNode(place.node())
              .setCores(place.parts().cores().size())
              .setGpus(place.parts().gpus().size()));
    }
    return reply.build();
  }

  private String unasked() {
    return loop.settings().get(ClusterParameter.ACTIVATION_FILTER_PROGRAM).isEmpty()
        ? ""
        : ", unless the activation filter wants otherwise: it is not asked for this";
  }

  private String sentence(Trial trial) {
    if (trial.reason() == PendingReason.NONE) {
      return "it would start at once, on " + places(trial);
    }
    return "it would wait "
        + why(trial)
        + (trial.startTime().isEmpty()
            ? ""
            : "; by the run-time limits of jobs it would start at "
                + Moment.text(trial.startTime().getAsLong())
                + (isCertain(trial) ? " at the latest, on " : ", if no later one starts first, on ")
                + places(trial));
  }

  private boolean isCertain(Trial trial) {
    var rules = loop.settings().queueRules();
    return rules.keepsTurns() || (rules.isFirstComeFirst() && trial.jobsAhead() == 0);
  }

  private static String why(Trial trial) {
    var rules = trial.spec().rules();
    return switch (trial.reason()) {
      case HELD_BY_USER -> "until " + Moment.text(rules.holdUntil());
      case PARENT_JOBS_NOT_FINISHED -> "until its parent jobs have Finished";
      case PARENT_JOBS_CANCELED_OR_FAILED ->
          rules.holdsOnParentFailure()
              ? "until its parent jobs have been requeued and have Finished"
              : "for a parent job that has not Finished, and fail at once";
      case HIGHER_PRIORITY_JOB, JOB_SUBMITTED_EARLIER ->
          "for "
              + (trial.jobsAhead() == 1 ? "1 job that is" : trial.jobsAhead() + " jobs that are")
              + " ahead of it"
              + (trial.reason() == PendingReason.HIGHER_PRIORITY_JOB
                  ? ", of a higher priority"
                  : "");
      default ->
          "for "
              + trial.spec().resources().unit().count(trial.spec().units().min())
              + " to be free";
    };
  }

  private static String places(Trial trial) {
    return Explainer.some(
        trial.places().stream()
            .map(
                place ->
                    place.node()
                        + " ("
                        + Unit.CORE.count(place.parts().cores().size())
                        + (place.parts().gpus().isEmpty()
                            ? ""
                            : ", " + Unit.GPU.count(place.parts().gpus().size()))
                        + ")")
            .toList());
  }
}
