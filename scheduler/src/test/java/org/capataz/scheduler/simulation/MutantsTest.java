package org.capataz.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The simulation bites: whoever makes one of these mistakes is caught.
@Execution(ExecutionMode.CONCURRENT)
class MutantsTest {

  private static final String MAIN = "main/java/org/capataz/scheduler/";
  private static final String TEST = "test/java/org/capataz/scheduler/simulation/";

  static Stream<Mutant> mutants() {
    return Stream.of(
        new Mutant(
            "what is held when the head node starts is not charged any more",
            MAIN + "state/Accounts.java",
            "usage.cores() + part.cores));",
            "usage.cores()));"),
        new Mutant(
            "a node is thought to have one core more",
            MAIN + "state/Node.java",
            "free = offered.minus(granted);",
            "free = new Parts(org.capataz.model.CoreSet.first(offer.cores() + 1), offered.gpus())"
                + ".minus(granted);"),
        new Mutant(
            "a grant forgets one busy core",
            MAIN + "state/Grant.java",
            "busy = busy.plus(placement.parts());",
            "busy = busy.plus(Parts.ofCores(placement.cores().lowest(Math.max(1,"
                + " placement.cores().size() - 1))));"),
        new Mutant(
            "the policy gives away what is not free any more",
            MAIN + "policy/Slot.java",
            "    free = free.minus(taken);\n    cores -= taken.cores().size();",
            "    cores -= Math.max(0, taken.cores().size() - 1);"),
        new Mutant(
            "attempt numbers are not compared",
            MAIN + "state/Attempts.java",
            "return attempt != null && attempt.id().equals(id) ? attempt : null;",
            "return attempt != null && attempt.id().epoch() == id.epoch() ? attempt : null;"),
        new Mutant(
            "epochs are not compared",
            MAIN + "state/Attempts.java",
            "return attempt != null && attempt.id().equals(id) ? attempt : null;",
            "return attempt != null && attempt.number() == id.number() ? attempt : null;"),
        new Mutant(
            "requests are answered before the commit",
            TEST + "Head.java",
            "    engine.settle(timeline.now());\n",
            "    answer();\n    engine.settle(timeline.now());\n"),
        new Mutant(
            "nodes are told before the commit",
            TEST + "Head.java",
            "    engine.settle(timeline.now());\n",
            "    engine.settle(timeline.now());\n    order();\n"),
        new Mutant(
            "ends are acknowledged before the commit",
            TEST + "Head.java",
            "    engine.settle(timeline.now());\n",
            "    engine.settle(timeline.now());\n    acknowledge();\n"),
        new Mutant(
            "dependents start when the last instance of their parent has",
            MAIN + "state/Task.java",
            "return pending.isEmpty() && live.isEmpty();",
            "return pending.isEmpty();"),
        new Mutant(
            "cores are reclaimed below the minimum",
            MAIN + "engine/JobProgress.java",
            "? units(job, grant, rest, job.surplus())",
            "? units(job, grant, rest, job.held())"),
        new Mutant(
            "idle cores are handed back below the minimum",
            MAIN + "engine/JobProgress.java",
            "units(job, grant, grant.idle(), spare)",
            "grant.idle()"),
        new Mutant(
            "what a node does not mention is lost though it was never sent",
            MAIN + "engine/NodeReports.java",
            "} else if (runsCommand && attempt.life().startTime() != 0) {",
            "} else if (attempt.life() instanceof AttemptLife.Dispatching ||"
                + " attempt.life().startTime() != 0) {"),
        new Mutant(
            "what was lost with its node runs on",
            MAIN + "engine/NodeReports.java",
            "if (mentioned.contains(attempt.id())) {",
            "if (mentioned.contains(attempt.id()) || rebooted) {"),
        new Mutant(
            "the queue goes on behind a job that does not fit",
            MAIN + "policy/Pass.java",
            "        return claim;\n",
            "        continue;\n"),
        new Mutant(
            "an ended attempt does not free its cores",
            MAIN + "state/Grant.java",
            "busy = busy.minus(placement.parts());",
            "busy = placement.cores().size() > 1 ? busy : busy.minus(placement.parts());"),
        new Mutant(
            "an exclusive job shares its nodes",
            MAIN + "state/Grants.java",
            "enter(job.id(), job.spec().resources().exclusive())",
            "enter(job.id(), false)"),
        new Mutant(
            "others come beside an exclusive run",
            MAIN + "state/Grant.java",
            "closedToOthers = alone;",
            "closedToOthers = false;"),
        new Mutant(
            "a run starts with some of the nodes that it requires",
            MAIN + "engine/Placing.java",
            "if (required.size() < demand.nodes().required().size()) {",
            "if (required.isEmpty() && !demand.nodes().required().isEmpty()) {"),
        new Mutant(
            "a job is given nodes that it excludes",
            MAIN + "policy/Room.java",
            "slot -> choice.nodes.admits(slot.traits())",
            "slot -> true"),
        new Mutant(
            "a GPU is given twice",
            MAIN + "state/Node.java",
            "free = offered.minus(granted);",
            "free = new Parts(offered.minus(granted).cores(), offered.gpus());"),
        new Mutant(
            "a licence is given twice",
            MAIN + "state/Licences.java",
            "taken.forEach((feature, amount) -> held.merge(feature, amount, Integer::sum));",
            ""),
        new Mutant(
            "what is left of a socket counts as one",
            MAIN + "policy/Slot.java",
            "return unit == Unit.CORE || cores == 0 ? cores : traits.topology().count(unit, free);",
            "return cores;"),
        new Mutant(
            "a run of several nodes is over when its command is",
            MAIN + "engine/JobProgress.java",
            "if (attempt.nodes().size() == 1) {",
            "if (attempt.nodes().size() == 1 || node == attempt.leadNode()) {"),
        new Mutant(
            "a part that is lost with its node does not end the run",
            MAIN + "engine/NodeReports.java",
            "      if (rebooted) {\n        end(",
            "      if (rebooted && runsCommand) {\n        end("),
        new Mutant(
            "nodes are not told that a run has ended elsewhere",
            TEST + "Head.java",
            "case Event.AttemptPartEnded e -> order(e.job(), e.task(), e.ordinal());",
            "case Event.AttemptPartEnded e -> {}"),
        new Mutant(
            "a part's end is not acknowledged before the whole run's",
            MAIN + "engine/NodeReports.java",
            "return running.hasPlacementOn(node) && !running.nodes().contains(node);",
            "return false;"),
        new Mutant(
            "an end that a node tells twice counts for another node",
            MAIN + "engine/NodeReports.java",
            "if (attempt == null || !attempt.nodes().contains(node)) {",
            "if (attempt == null || !attempt.hasPlacementOn(node)) {"),
        new Mutant(
            "a restart forgets which attempts there were",
            MAIN + "state/Task.java",
            "        former.put(ordinal, former(ordinal).after(entry));",
            "        former.put(ordinal, new Former(0, 0, 0, OptionalInt.empty()));"),
        new Mutant(
            "one instance more runs than the throttle allows",
            MAIN + "state/Task.java",
            "Math.max(0, maxRunning - live.size())",
            "Math.max(0, maxRunning + 1 - live.size())"),
        new Mutant(
            "an exit code is retried once too often",
            MAIN + "engine/Consequences.java",
            "former.failures() < rules.retries()",
            "former.failures() <= rules.retries()"),
        new Mutant(
            "a sweep goes on after one failure too many",
            MAIN + "engine/Consequences.java",
            "&& task.failed() >= most",
            "&& task.failed() > most"),
        new Mutant(
            "a critical task's last failure that counts is not counted",
            MAIN + "engine/Consequences.java",
            "return count > 0 && task.failed() >= count;",
            "return count > 0 && task.failed() > count;"),
        new Mutant(
            "attempts of a job that was configured anew are numbered anew",
            MAIN + "state/Job.java",
            "withAttemptBase(Math.max(work.lastAttempt(), attemptBase()))",
            "withAttemptBase(0)"),
        new Mutant(
            "a job starts before its parents have finished",
            MAIN + "state/Job.java",
            "return holdUntil() == 0 && unfinishedParents == 0;",
            "return holdUntil() == 0;"),
        new Mutant(
            "a job starts before its time",
            MAIN + "state/Job.java",
            "return holdUntil() == 0 && unfinishedParents == 0;",
            "return unfinishedParents == 0;"),
        new Mutant(
            "a task that was finished fails",
            MAIN + "engine/Consequences.java",
            "case TASK_FINISHED -> TaskState.FINISHED;",
            "case TASK_FINISHED -> TaskState.FAILED;"),
        new Mutant(
            "a restart forgets what was canceled of a sweep",
            TEST + "Rows.java",
            "case Event.InstanceSkipped skipped -> checkpoint(state, skipped.job(),"
                + " skipped.task());",
            "case Event.InstanceSkipped skipped -> {}"),
        new Mutant(
            "a restart forgets that a throttle was changed",
            MAIN + "state/Task.java",
            "      maxRunning = checkpoint.maxRunning();\n",
            ""),
        new Mutant(
            "a node of one core needs no preparation",
            MAIN + "engine/NodeTasks.java",
            "if (prep != null) {",
            "if (prep != null && grant.cores().size() > 1) {"),
        new Mutant(
            "a node is prepared while something else of the job runs there",
            MAIN + "state/Holdings.java",
            "file(grant, idle, grant.isUsable() && !grant.idle().cores().isEmpty());",
            "file(grant, idle, !grant.isReleasing() && !grant.idle().cores().isEmpty());"),
        new Mutant(
            "a node of one core needs no release",
            MAIN + "engine/NodeTasks.java",
            "grant.used() && !grant.lost()",
            "grant.used() && !grant.lost() && grant.cores().size() > 1"),
        new Mutant(
            "a node that nothing ran on is released",
            MAIN + "engine/NodeTasks.java",
            "grant.used() && !grant.lost()",
            "!grant.lost()"),
        new Mutant(
            "cores are free before their release has ended",
            MAIN + "engine/NodeTasks.java",
            "      run(release, grant, now);\n",
            "      run(release, grant, now);\n      close(grant, now);\n"),
        new Mutant(
            "a node is tried again though it could not be prepared",
            MAIN + "state/OpenTask.java",
            "      failedOn.add(entry.node());",
            "      failedOn.add(-entry.node());"),
        new Mutant(
            "what was prepared before a restart of the node is used after it",
            MAIN + "engine/NodeReports.java",
            "      progress.nodeTasks().lost(former, now);",
            "      progress.nodeTasks().hashCode();"),
        new Mutant(
            "a restart forgets where something has run",
            MAIN + "state/Grants.java",
            "      grant.use();",
            "      grant.used();"),
        new Mutant(
            "a restart numbers the instances of a service anew",
            MAIN + "state/OpenTask.java",
            "      made = ledger.made;",
            "      made = 0;"),
        new Mutant(
            "the nodes of a job that is stopped by force are released all the same",
            MAIN + "engine/NodeTasks.java",
            "&& !grant.lost() && !force)",
            "&& !grant.lost())"),
        new Mutant(
            "an instance of a service that was lost is to run again",
            MAIN + "engine/Consequences.java",
            "            && !task.spec().kind().isOpen()\n",
            ""),
        new Mutant(
            "a job fails though its service was finished",
            MAIN + "engine/JobProgress.java",
            "return service.state() == TaskState.FINISHED",
            "return service.state() == TaskState.QUEUED"),
        new Mutant(
            "a job whose release takes time always finishes",
            MAIN + "engine/JobProgress.java",
            "      stop(job, result, message, now);",
            "      stop(job, JobState.FINISHED, message, now);"),
        new Mutant(
            "a job starts while the activation filter is asked about it",
            MAIN + "engine/Activations.java",
            "return standing != null && !standing.keeps();",
            "return standing == null || !standing.keeps();"),
        new Mutant(
            "what the activation filter was asked of a job before it was changed counts",
            MAIN + "engine/Activations.java",
            "!standing.asked().equals(Optional.of(question))",
            "standing.asked().isEmpty()"),
        new Mutant(
            "what is behind a job that the activation filter wants to block goes on",
            MAIN + "engine/Activations.java",
            "isBlocked = standing != null && standing.has(Activation.Verdict.BLOCK);",
            "isBlocked = false;"),
        new Mutant(
            "what another activation filter said counts",
            MAIN + "engine/Activations.java",
            "List.copyOf(standings.keySet()).forEach(this::forget);",
            "List.of();"),
        new Mutant(
            "nobody asks the activation filter again",
            MAIN + "engine/Activations.java",
            "while (!due.isEmpty() && due.first().time() <= now) {",
            "while (!due.isEmpty() && due.first().time() < 0) {"),
        new Mutant(
            "what a node that is out of reach runs starts elsewhere before its lease has ended",
            MAIN + "engine/Absences.java",
            "attempt.rerunAfter() * MICROS_PER_SECOND",
            "attempt.rerunAfter() * MICROS_PER_SECOND / 4"),
        new Mutant(
            "a head node that starts counts from whenever",
            MAIN + "engine/Absences.java",
            "since.getOrDefault(node.id(), start)",
            "since.getOrDefault(node.id(), 0L)"),
        new Mutant(
            "what has no lease starts elsewhere",
            MAIN + "engine/Absences.java",
            "attempt -> attempt.rerunAfter() > 0 && ends",
            "attempt -> ends"),
        new Mutant(
            "a restart forgets for how long a run's node may be out of reach",
            TEST + "Rows.java",
            "attempt.rerunAfter(),",
            "attempt.rerunAfter() / 8,"),
        new Mutant(
            "a node does not end what has lost its lease",
            TEST + "Machine.java",
            "if (timeline.now() - renewedAt >= lease) {",
            "if (timeline.now() - renewedAt >= 4 * lease) {"),
        new Mutant(
            "a lease is renewed as of when the answer arrives",
            TEST + "Machine.java",
            "renewedAt = Math.max(renewedAt, sent);",
            "renewedAt = timeline.now();"),
        new Mutant(
            "what a connection says late begins",
            TEST + "Machine.java",
            "&& (timeline.now() - renewedAt >= start.leaseMicros() / 2",
            "&& ((renewedAt = timeline.now()) == 0"),
        new Mutant(
            "a node begins what is behind others at once",
            TEST + "Machine.java",
            "if (start.lane() == 0 || start.attempt().equals(first(start.lane()))) {",
            "if (start.lane() >= 0) {"),
        new Mutant(
            "a node gives back what has begun",
            TEST + "Machine.java",
            "case Local.Alive a -> {}",
            "case Local.Alive a -> over(id, end(EndReason.RECALLED, 0, 0));"),
        new Mutant(
            "who takes over cores does not occupy them",
            MAIN + "state/Attempts.java",
            "        take(job, next);\n",
            ""),
        new Mutant(
            "what was recalled is thought given back when its node comes back",
            MAIN + "engine/NodeReports.java",
            ".filter(attempt -> !mentioned.contains(attempt.id()) &&"
                + " !early.containsKey(attempt.id()))",
            ".filter(attempt -> attempt.job() > 0)"),
        new Mutant(
            "what comes back to a job that ends waits for ever",
            MAIN + "engine/JobProgress.java",
            "          skip(attempt, EndReason.JOB_ENDED, stopping.message(), now);",
            "          {}"),
        new Mutant(
            "a job at rest forgets what was changed of its tasks",
            MAIN + "state/Job.java",
            "isUntouched() && !work.isChanged()",
            "isUntouched()"),
        new Mutant(
            "a restart lets jobs rest of which something has run",
            MAIN + "state/Stored.java",
            "&& tasks.isEmpty();",
            "&& true;"),
        new Mutant(
            "a job at rest is unknown to its parents after a restart",
            MAIN + "state/Outline.java",
            "return spec.rules().parents().isEmpty()\n        && spec",
            "return spec"));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aMistakeIsCaught(Mutant mutant) {
    var run = mutant.compiled();
    var caught = "";
    var seed = 0;
    while (caught.isEmpty() && seed < SimulationTest.SEEDS) {
      caught = run.of(++seed);
    }

    assertThat(caught).as(mutant.mistake()).isNotEmpty();
  }
}
