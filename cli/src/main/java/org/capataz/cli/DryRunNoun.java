package org.capataz.cli;

import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.number;
import static org.capataz.cli.output.Column.text;
import static org.capataz.cli.output.Column.time;

import java.util.List;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.DryRun;

/// What is shown of a job that was tried, and not submitted.
final class DryRunNoun {

  static final Noun<DryRun> DRY_RUN =
      new Noun<>(
          "dryRuns",
          DryRun::reason,
          List.of(
              new Field<>("accepted", run -> Value.of(true)),
              new Field<>("reason", run -> Value.of(run.reason())),
              new Field<>("explanation", run -> Value.of(run.sentence())),
              new Field<>("jobsAhead", run -> Value.of(run.jobsAhead())),
              new Field<>("latestStartTime", run -> Value.ofTime(run.startTime())),
              new Field<>("unit", run -> Value.of(run.cores().unit().modelName())),
              new Field<>("minCores", run -> Value.of(run.cores().min())),
              new Field<>("maxCores", run -> Value.of(run.cores().max())),
              new Field<>("instances", run -> Value.of(run.instances()))),
          List.of(),
          List.of(
              key("Accepted", DryRun::sentence),
              key("Reason", DryRun::reason),
              number("Jobs ahead", DryRun::jobsAhead),
              time("Latest start", DryRun::startTime),
              text(
                  "Asks for",
                  run -> run.cores().min() + " to " + run.cores().unit().count(run.cores().max())),
              number("Runs", DryRun::instances)));

  static final Noun<DryRun.Place> PLACE =
      new Noun<>(
          "nodes",
          DryRun.Place::node,
          List.of(
              new Field<>("name", place -> Value.of(place.node())),
              new Field<>("cores", place -> Value.of(place.cores())),
              new Field<>("gpus", place -> Value.of(place.gpus()))),
          List.of(
              key("NODE", DryRun.Place::node),
              number("CORES", DryRun.Place::cores),
              number("GPUS", DryRun.Place::gpus)),
          List.of());

  private DryRunNoun() {}
}
