package org.capataz.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.model.Result;

/// The last job that this user made from a command line: what `!!` stands for, as in HPC Pack.
/// `CCP_NO_JOB_ID=true` keeps it from being noted.
final class LastJob {

  private final World world;

  LastJob(World world) {
    this.world = world;
  }

  /// Its id.
  ///
  /// @throws CapatazException if none is known
  int id() {
    try {
      if (Inputs.job(Files.readString(file()).strip()) instanceof Result.Ok<Integer>(var id)) {
        return id;
      }
    } catch (IOException none) {
      // Said below: why there is none does not matter.
    }
    throw new CapatazException(
        Code.NOT_FOUND,
        "expected '!!' to follow a job that you made, but none is noted; give the job's id");
  }

  /// Notes a job. That it cannot be noted is no reason to fail: the job is made.
  void note(int id) {
    if (world.variable("CCP_NO_JOB_ID").filter("true"::equalsIgnoreCase).isPresent()) {
      return;
    }
    try {
      Files.createDirectories(world.state());
      Files.writeString(file(), id + "\n", StandardCharsets.US_ASCII);
    } catch (IOException unnoted) {
      // '!!' stays what it was.
    }
  }

  private Path file() {
    return world.state().resolve("last-job");
  }
}
