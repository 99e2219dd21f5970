package org.capataz.headnode.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.headnode.loop.RunningLoop.job;
import static org.capataz.headnode.loop.RunningLoop.task;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.capataz.headnode.loop.HeardConnection;
import org.capataz.headnode.loop.RunningLoop;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.TaskProperty;
import org.capataz.proto.v1.ExplainJobReply;
import org.capataz.proto.v1.JobRequest;
import org.capataz.proto.v1.NodeFit;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.event.AttemptEnd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Why jobs wait, as the head node says it.
@Timeout(120)
class ExplainerTest {

  @TempDir Path directory;

  private ServedLoop served;
  private RunningLoop running;
  private final HeardConnection connection = new HeardConnection();

  @BeforeEach
  void start() throws IOException {
    served = new ServedLoop(directory, (node, attempt, query) -> new CompletableFuture<>());
    running = served.running();
  }

  @AfterEach
  void stop() throws InterruptedException {
    served.close();
  }

  private static JobDraft cores(int count) {
    return job(task().with(TaskProperty.MIN_CORES, "" + count));
  }

  private ExplainJobReply explain(int id) {
    return served.client().explainJob(JobRequest.newBuilder().setJob(id).build());
  }

  @Test
  void aJobWaitsForTheFirstNode() {
    var why = explain(running.submit(job(task())));

    assertThat(why.getReason()).isEqualTo("NotEnoughResource");
    assertThat(why.getSentence()).startsWith("no compute node has ever registered");
  }

  @Test
  void aJobWaitsForCoresThatOthersUse() {
    running.connect("n1", 2, connection);
    running.submit(job(task()));

    var why = explain(running.submit(cores(2)));

    assertThat(why.getReason()).isEqualTo("NotEnoughResource");
    assertThat(why.getSentence())
        .isEqualTo("it needs 2 cores, but 1 core is free; it starts when running jobs end");
    assertThat(why.getNodesList()).extracting(NodeFit::getFit).containsExactly("busy");
  }

  @Test
  void aJobWaitsForTheActivationFilter() throws Exception {
    useActivationFilter();
    var id = running.submit(job(task()));
    assertThat(explain(id).getReason()).isEqualTo("ActivationFilter");
    assertThat(explain(id).getSentence())
        .startsWith("it could start, and the activation filter is asked whether it may; it has");
    assertThat(explain(running.submit(cores(2))).getSentence())
        .isEqualTo(
            "1 job is ahead of it; the first, job "
                + id
                + ", was submitted earlier and waits for the activation filter");
  }

  @Test
  void whatTheActivationFilterSaysIsToldWithWhatItMeans() throws Exception {
    useActivationFilter();
    var does = "the activation filter does not let it start (not today); ";

    assertThat(explainAfter(Activation.Verdict.RESERVE).getSentence())
        .startsWith(
            does + "what it would start with is kept free for it, and it is asked about again");
    assertThat(explainAfter(Activation.Verdict.BLOCK).getSentence())
        .startsWith(does + "it holds up what is behind it, and it is asked about again after 20");
    assertThat(explainAfter(Activation.Verdict.LATER).getSentence())
        .startsWith(does + "others go past it, and it is asked about again after 20");
    var held = explainAfter(Activation.Verdict.HOLD);
    assertThat(held.getReason()).isEqualTo("HeldByActivationFilter");
    assertThat(held.getSentence())
        .startsWith("the activation filter holds it (not today); it is asked again at 20")
        .endsWith(" --holduntil now at once");
    assertThat(explainAfter(Activation.Verdict.FAIL).getSentence())
        .startsWith("it has ended: refused by the activation filter: not today");
  }

  private void useActivationFilter() {
    running.connect("n1", 2, connection);
    running.carryOut(
        new Command.ChangeSettings(
            Map.of(ClusterParameter.ACTIVATION_FILTER_PROGRAM, "/site/filter"), Map.of()));
  }

  /// Why a job waits after the filter has said that; others do not wait for it any more.
  private ExplainJobReply explainAfter(Activation.Verdict verdict) throws InterruptedException {
    var id = running.submit(job(task()));
    var question = running.loop().nextQuestion();
    running.carryOut(
        new Command.AnswerActivation(question, new Activation.Answer(verdict, "not today")));
    var why = explain(id);
    if (verdict != Activation.Verdict.FAIL) {
      running.carryOut(
          new Command.CancelJob(id, Command.Manner.USUAL, new Command.Author("ana", "")));
    }
    return why;
  }

  @Test
  void aJobWaitsForJobsThatCameEarlier() {
    running.connect("n1", 2, connection);
    running.submit(cores(2));
    running.submit(cores(2));

    var why = explain(running.submit(job(task())));

    assertThat(why.getReason()).isEqualTo("JobSubmittedEarlier");
    assertThat(why.getJobsAhead()).isEqualTo(1);
    assertThat(why.getSentence())
        .isEqualTo(
            "1 job is ahead of it; the first, job 2, was submitted earlier and needs 2 cores");
  }

  @Test
  void aJobWaitsForJobsOfHigherPriority() {
    running.connect("n1", 2, connection);
    running.submit(cores(2));
    var id = running.submit(cores(2));
    running.submit(cores(2).with(JobProperty.PRIORITY, "Highest"));

    var why = explain(id);

    assertThat(why.getReason()).isEqualTo("HigherPriorityJob");
    assertThat(why.getSentence()).contains("job 3, has priority Highest and needs 2 cores");
  }

  @Test
  void aRunningJobWaitsForNodesToBePreparedAndForOthersThanThoseThatCouldNotBe() throws Exception {
    running.connect("n2", 2, new HeardConnection());
    running.submit(cores(2));
    var node = running.connect("n1", 2, connection);
    var id = running.submit(cores(2).plus(task().with(TaskProperty.TYPE, "NodePrep")));

    var why = explain(id);
    assertThat(why.getReason()).isEqualTo("NodePreparation");
    assertThat(why.getSentence())
        .isEqualTo("it is running: its tasks start when n1 is prepared for it");

    var prep = connection.nextOrders().starts().getFirst().attempt().id();
    running.carryOut(new Command.Report(node, List.of(failed(prep))));
    why = explain(id);
    assertThat(why.getReason()).isEqualTo("NodePreparationFailed");
    assertThat(why.getSentence())
        .isEqualTo(
            "it is running, but n1 is not given to it again, because preparation failed there; it"
                + " goes on when other nodes have room, and capataz job requeue 2 tries all nodes"
                + " again");
  }

  private static AttemptReport failed(AttemptId attempt) {
    return new AttemptReport.Ended(
        attempt, new AttemptEnd(EndReason.EXITED, 1, 1_000, 2_000, AttemptEnd.Usage.NONE, "", ""));
  }

  @Test
  void aServiceThatPausesSaysUntilWhen() throws Exception {
    var node = running.connect("n1", 1, connection);
    var id = running.submit(job(task().with(TaskProperty.TYPE, "Service")));
    var first = connection.nextOrders().starts().getFirst().attempt().id();
    running.carryOut(new Command.Report(node, List.of(failed(first))));

    var why = explain(id);

    assertThat(why.getReason()).isEqualTo("ServicePauses");
    assertThat(why.getSentence())
        .startsWith(
            "it is running: task 1 ended soon after its start, and is started again at"
                + " 2023-11-14T");
  }

  @Test
  void aJobWaitsForNodesThatAreAway() {
    running.connect("n1", 2, connection);
    running.connect("n2", 2, new HeardConnection());
    running.loop().leave(connection);
    running.carryOut(new Command.SwitchNode("n2", false));

    var why = explain(running.submit(job(task())));

    assertThat(why.getSentence())
        .contains("0 cores are free")
        .endsWith("or nodes come back (n1 unreachable, n2 offline)");
    assertThat(why.getNodesList())
        .extracting(NodeFit::getFit)
        .containsExactly("unreachable", "offline");
  }

  @Test
  void whatBecomesOfRunsOnANodeThatCannotBeReachedIsExplained() throws Exception {
    running.connect("n1", 3, connection);
    var stays = running.submit(job(task()));
    running.carryOut(
        new Command.ChangeSettings(Map.of(ClusterParameter.NODE_LOST_RERUN_AFTER, "60"), Map.of()));
    var goes = running.submit(job(task()));
    running.loop().leave(connection);
    running.carryOut(new Command.Tick());

    assertThat(explain(stays).getReason()).isEqualTo("NodeUnreachable");
    assertThat(explain(stays).getSentence())
        .startsWith("it is running, but n1 is unreachable since 2023-11-14T")
        .endsWith(
            ": what it runs there stays Running until the node is back, or capataz node lost gives"
                + " it up");
    assertThat(explain(goes).getSentence())
        .endsWith(": what it runs there runs elsewhere once that has lasted for 60 s");
  }
}
