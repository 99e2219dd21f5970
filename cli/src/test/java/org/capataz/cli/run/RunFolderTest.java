package org.capataz.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  private static final Path DIRECTORY = Path.of("/work/study");

  @TempDir private Path runs = Path.of("");

  @Test
  void aDirectoryHasOneFolderAndASecondRunAtTheSameTimeHasAnother() throws IOException {
    try (var first = RunFolder.of(DIRECTORY, runs);
        var second = RunFolder.of(DIRECTORY, runs)) {
      assertThat(first.path().getFileName().toString()).matches("study-[0-9a-f]{8}");
      assertThat(second.path()).hasToString(first.path() + "-2");
    }
    try (var later = RunFolder.of(DIRECTORY, runs)) {
      assertThat(later.path().getFileName().toString()).matches("study-[0-9a-f]{8}");
    }
  }

  @Test
  void directoriesOfOneNameHaveDifferentFolders() throws IOException {
    try (var one = RunFolder.of(Path.of("/a/study"), runs);
        var other = RunFolder.of(Path.of("/b/study"), runs)) {
      assertThat(one.path()).isNotEqualTo(other.path());
    }
  }

  @Test
  void aChosenFolderIsForOneRunAtATime() throws IOException {
    try (var chosen = RunFolder.at(runs.resolve("mine"))) {
      assertThatThrownBy(() -> RunFolder.at(chosen.path()))
          .hasMessageContaining("expected a data folder that no other run uses");
    }
  }

  @Test
  void theLastJobIsRemembered() throws IOException {
    try (var folder = RunFolder.of(DIRECTORY, runs)) {
      assertThat(folder.lastJob()).isEmpty();
      folder.started(7);
      assertThat(folder.lastJob()).contains(new RunFolder.LastJob(7, Optional.empty()));
      folder.ended(7, JobState.FAILED);
      assertThat(folder.lastJob()).contains(new RunFolder.LastJob(7, Optional.of(JobState.FAILED)));
    }
  }

  @Test
  void theLastRunOfADirectoryIsTheLatestThatIsOver() throws IOException {
    Path second;
    try (var first = RunFolder.of(DIRECTORY, runs);
        var other = RunFolder.of(DIRECTORY, runs)) {
      first.started(1);
      Files.setLastModifiedTime(first.path().resolve("job"), FileTime.fromMillis(1000));
      other.started(2);
      second = other.path();
    }
    try (var last = RunFolder.ofLastRun(DIRECTORY, runs)) {
      assertThat(last.path()).isEqualTo(second);
    }
  }
}
