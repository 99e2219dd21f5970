package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.capataz.jobsxml.JobFile;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs that are made from others, and files that are made from jobs.
class JobCopiesTest {

  @TempDir Path folder;
  private final TestWorld world = new TestWorld();
  private final JobDraft draft =
      JobDraft.EMPTY
          .with(JobProperty.NAME, "study")
          .with(JobProperty.PRIORITY, "Normal+5")
          .plus(
              TaskDraft.EMPTY
                  .with(TaskProperty.COMMAND_LINE, "./model '<*>' & wait")
                  .with(TaskProperty.WORK_DIRECTORY, "/data"));

  @BeforeEach
  void workInTheFolder() {
    world.directory = folder;
  }

  private FakeJob job(int id) {
    return Objects.requireNonNull(world.cluster.jobs.get(id));
  }

  @Test
  void aCloneIsAsTheJobWasWrittenButForTheOptions() {
    world.cluster.add(draft).state = JobState.FAILED;

    assertThat(world.run("job", "clone", "12", "--name", "again", "-o", "id")).isZero();

    assertThat(world.out()).isEqualTo("13\n");
    assertThat(job(13).draft()).isEqualTo(draft.with(JobProperty.NAME, "again"));
  }

  @Test
  void anExportedRunningJobImportsAsAFreshOne() {
    world.cluster.add(draft).state = JobState.RUNNING;

    assertThat(world.run("job", "export", "12", "--file", "study.xml")).isZero();
    assertThat(world.run("job", "import", "study.xml")).isZero();

    var fresh = job(13);
    assertThat(fresh.draft()).isEqualTo(draft);
    assertThat(fresh.state).isEqualTo(JobState.CONFIGURING);
  }

  @Test
  void anExportGoesToStandardOutputInTheFormThatIsAskedFor() throws IOException {
    world.cluster.add(draft);

    assertThat(world.run("job", "export", "12", "--hpc-pack")).isZero();

    Files.writeString(folder.resolve("hpc.xml"), world.out());
    assertThat(JobFile.read(folder.resolve("hpc.xml")).orElseThrow().draft().dialect())
        .isEqualTo(Dialect.HPC2008R2);
  }

  @Test
  void aTaskFileAddsATaskThatRunsInItsFolder() throws IOException {
    world.cluster.add(JobDraft.EMPTY);
    Files.writeString(
        folder.resolve("plot.xml"),
        """
        <Task xmlns="http://schemas.microsoft.com/HPCS2008R2/scheduler/" Version="3.000"
            Name="plot" CommandLine="./plot" DependsOn="solve" MinCores="2" RuntimeSeconds="60">
          <EnvironmentVariables><Variable><Name>A</Name><Value>1</Value></Variable>
          </EnvironmentVariables>
        </Task>
        """);

    assertThat(
            world.run(
                "job",
                "add",
                "12",
                "--taskfile",
                "plot.xml",
                "--env",
                "B=2",
                "--runtime",
                "Infinite"))
        .as(world.err())
        .isZero();

    var task = job(12).draft().tasks().getFirst();
    assertThat(task.get(TaskProperty.DEPENDS_ON)).hasValue("solve");
    assertThat(task.get(TaskProperty.WORK_DIRECTORY)).hasValue(folder.toString());
    assertThat(task.get(TaskProperty.RUNTIME_SECONDS)).isEmpty();
    assertThat(task.environment()).containsEntry("A", "1").containsEntry("B", "2");
  }

  @Test
  void aTaskFileIsNoJobFile() throws IOException {
    Files.writeString(folder.resolve("task.xml"), "<Task CommandLine='x'/>");

    assertThat(world.run("job", "submit", "--file", "task.xml")).isEqualTo(2);
    assertThat(world.err()).contains("--taskfile").hasLineCount(1);
  }

  @Test
  void aTaskFileAndACommandContradictEachOther() {
    assertThat(world.run("job", "add", "12", "--taskfile", "plot.xml", "./plot")).isEqualTo(2);
    assertThat(world.err()).contains("the command './plot'").hasLineCount(1);
  }

  @Test
  void aJobFileIsNotTakenForACommand() throws IOException {
    Files.writeString(folder.resolve("study.xml"), "<Job/>");

    assertThat(world.run("job", "submit", "study.xml")).isEqualTo(2);

    assertThat(world.err())
        .contains("expected a command, but study.xml is a job file; --file submits it");
    assertThat(world.cluster.jobs).isEmpty();
  }

  @Test
  void aSweepWhoseRunsAreAllAlikeIsWarnedOf() {
    assertThat(world.run("job", "submit", "--sweep", "1-6", "./model")).isZero();
    assertThat(world.err()).contains("the sweep has no '*', so all its runs are alike");

    var quiet = new TestWorld();
    quiet.run("job", "submit", "--sweep", "1-6", "./model", "*");
    quiet.run("job", "submit", "--sweep", "1-6", "./model $CCP_TASKINSTANCEID");
    quiet.run("job", "submit", "--sweep", "1-6", "--stdout", "*.txt", "./model");
    assertThat(quiet.err()).isEmpty();
  }
}
