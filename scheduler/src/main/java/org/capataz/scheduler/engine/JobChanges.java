package org.capataz.scheduler.engine;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.capataz.model.CustomProperties;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.JobState;
import org.capataz.model.Property;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Facts;
import org.capataz.scheduler.state.Job;

/// Changes what jobs are, as far as their states allow.
final class JobChanges {

  /// Characters of a progress message.
  private static final int PROGRESS_MESSAGE = 80;

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final Admission admission;

  JobChanges(ClusterState state, Consumer<Event> emit, Admission admission) {
    this.state = state;
    this.emit = emit;
    this.admission = admission;
  }

  Result<Integer> modify(Command.ModifyJob command, long now) {
    var job = state.job(command.job());
    if (job == null) {
      return JobRequests.unknownJob(command.job());
    }
    if (state.answerTo(command.requestId()) != null) {
      return Result.ok(job.id());
    }
    if (job.revision() != command.revision()) {
      return Result.ok(0);
    }
    var malformed = malformed(command.change());
    if (malformed.isPresent()) {
      return Result.refused(malformed.get());
    }
    var before = job.draft();
    return command.change().on(before).then(after -> modify(job, command, before, after, now));
  }

  private Result<Integer> modify(
      Job job, Command.ModifyJob command, JobDraft before, JobDraft after, long now) {
    var fit =
        switch (job.life()) {
          case JobLife.Configuring c -> Result.ok(after);
          case JobLife.Ended e -> Result.ok(after);
          case JobLife.Queued q -> fit(job, command.change(), after, JobState.QUEUED, now);
          case JobLife.Running r -> fit(job, command.change(), after, JobState.RUNNING, now);
          case JobLife.Stopping stopping ->
              Result.<JobDraft>refused(
                  Refusal.wrongState(
                      "expected a job that is not being stopped, but job "
                          + job.id()
                          + " is "
                          + stopping.state()
                          + "; wait for its end"));
        };
    return fit.then(
        full -> {
          if (job.life() instanceof JobLife.Ended) {
            emit.accept(new Event.JobConfigured(job.id(), before, now));
          }
          var change = command.change().filled(after, full);
          emit.accept(
              new Event.JobModified(
                  job.id(), command.requestId(), change, full, order(job, full), now));
          Waiting.askAnew(job, emit, now);
          return Result.ok(job.id());
        });
  }

  private Result<JobDraft> fit(
      Job job, JobChange change, JobDraft after, JobState state, long now) {
    var early = change.refusal(job.id(), state);
    if (early.isPresent()) {
      return Result.refused(early.get());
    }
    return admission
        .fit(job.id(), job.owner(), after, now)
        .then(
            full ->
                reshaped(job, full)
                    .map(Result::<JobDraft>refused)
                    .orElseGet(() -> Result.ok(full)));
  }

  /// A job with another priority goes behind those that have it.
  private long order(Job job, JobDraft after) {
    var waitsOrRuns = job.life() instanceof JobLife.Queued || job.life() instanceof JobLife.Running;
    return waitsOrRuns && !JobSpec.resolve(after).orElseThrow().priority().equals(job.priority())
        ? state.nextOrder()
        : 0;
  }

  /// Why a job of which something ran, or may be running, cannot get other instances.
  private static Optional<Refusal> reshaped(Job job, JobDraft after) {
    return job.isUntouched() || job.spec().hasShapeOf(JobSpec.resolve(after).orElseThrow())
        ? Optional.empty()
        : Optional.of(
            Refusal.wrongState(
                "expected a job of which nothing has run, to change its sweeps and dependencies,"
                    + " but job "
                    + job.id()
                    + " has run; cancel it first"));
  }

  private static Optional<Refusal> malformed(JobChange change) {
    var texts =
        Stream.concat(
            malformed(change.properties(), ""),
            change.tasks().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(
                    task ->
                        malformed(task.getValue().properties(), "task " + task.getKey() + ": ")));
    var custom =
        Stream.concat(
                Stream.of(change.customProperties()),
                change.tasks().values().stream().map(task -> task.customProperties()))
            .flatMap(given -> refusal(CustomProperties.check(given)));
    return Stream.concat(texts, custom).findFirst();
  }

  private static <P extends Property> Stream<Refusal> malformed(
      Map<P, String> properties, String place) {
    return properties.entrySet().stream()
        .filter(property -> !property.getValue().isEmpty())
        .sorted(Comparator.comparing(property -> property.getKey().modelName()))
        .flatMap(
            property ->
                refusal(
                    property
                        .getKey()
                        .type()
                        .check(property.getValue())
                        .in(place + property.getKey().modelName())));
  }

  private static <T> Stream<Refusal> refusal(Result<T> result) {
    return switch (result) {
      case Result.Ok<T> ok -> Stream.empty();
      case Result.Refused<T>(var refusal) -> Stream.of(refusal);
    };
  }

  Result<Integer> progress(Command.SetProgress command, long now) {
    var job = state.job(command.job());
    if (job == null) {
      return JobRequests.unknownJob(command.job());
    }
    if (job.life() instanceof JobLife.Ended ended) {
      return Result.refused(
          Refusal.wrongState(
              "expected a job that has not ended, but job " + job.id() + " is " + ended.state()));
    }
    var percent = command.percent().orElse(job.progress().percent());
    var message = command.message().orElse(job.progress().message());
    if (command.percent().isPresent() && (percent < 0 || percent > 100)) {
      return Result.invalid("expected a progress from 0 to 100, but got " + percent);
    }
    return Text.name(message, PROGRESS_MESSAGE)
        .in("progress message")
        .then(
            accepted -> {
              if (!job.progress().equals(new Facts.Progress(percent, accepted))) {
                emit.accept(new Event.JobProgressed(job.id(), percent, accepted, now));
              }
              return Result.ok(job.id());
            });
  }
}
