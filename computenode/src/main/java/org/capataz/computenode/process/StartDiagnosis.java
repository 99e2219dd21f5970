package org.capataz.computenode.process;

import java.util.Set;
import org.capataz.computenode.process.ProcessSpec.Stream;
import org.capataz.computenode.process.StartFailure.Cause;

/// Why a start failed. The kernel has one error number for the directory, three files, the program
/// and its interpreter; this tries them again, one by one and in the same order.
final class StartDiagnosis {

  private static final int O_NONBLOCK = 04000;

  private static final Set<Integer> SHORTAGES =
      Set.of(Linux.EAGAIN, Linux.ENOMEM, Linux.ENFILE, Linux.EMFILE);

  private StartDiagnosis() {}

  static StartFailure of(ProcessSpec spec, String program, int errno) {
    if (SHORTAGES.contains(errno)) {
      return new StartFailure(
          Cause.SHORTAGE,
          "expected the node to have what a process takes, but: " + Linux.describe(errno));
    }
    var directory = spec.workingDirectory();
    if (!FileStatus.of(directory).isDirectory()) {
      return new StartFailure(
          Cause.WORKING_DIRECTORY,
          "expected the working directory " + directory + " to exist, but there is no such one");
    }
    if (!Linux.mayAccess(directory, Launcher.MAY_EXECUTE)) {
      return new StartFailure(
          Cause.WORKING_DIRECTORY,
          "expected access to the working directory " + directory + ", but it is denied");
    }
    for (var standard : StandardStream.values()) {
      var path =
          switch (standard.of(spec)) {
            case Stream.File file -> file.path();
            case Stream.PrivateFile file -> file.path();
            case Stream.SharedFile file -> file.path();
            case Stream.Descriptor _ -> "/dev/null";
          };
      var why = Linux.openError(spec.resolve(path), standard.openFlags() | O_NONBLOCK);
      if (why != 0) {
        return new StartFailure(
            standard.cause(),
            "expected to open "
                + path
                + " as "
                + standard.words()
                + ", but: "
                + Linux.describe(why));
      }
    }
    return ofProgram(spec.resolve(program), errno);
  }

  private static StartFailure ofProgram(String program, int errno) {
    var file = FileStatus.of(program);
    var cause = Cause.PROGRAM;
    String message;
    if (!file.exists()) {
      message =
          "expected the program " + program + " to exist, but: " + Linux.describe(file.errno());
    } else if (file.isDirectory()) {
      message = "expected " + program + " to be a program, but it is a directory";
    } else if (errno == Linux.EACCES) {
      message = notExecutable(program);
    } else if (errno == Linux.ENOENT) {
      message =
          "expected the interpreter that "
              + program
              + " names (after #!, or its loader) to exist, but it does not";
    } else if (errno == Linux.ENOEXEC) {
      message =
          "expected "
              + program
              + " to be a program for this machine or a script that begins with #!,"
              + " but it is neither";
    } else if (errno == Linux.E2BIG) {
      cause = Cause.ARGUMENTS;
      message = "expected arguments and environment that Linux takes, but they are too long";
    } else {
      cause = Cause.NODE;
      message = "expected the node to start " + program + ", but: " + Linux.describe(errno);
    }
    return new StartFailure(cause, message);
  }

  static String notExecutable(String program) {
    return "expected the program " + program + " to be executable, but it is not (chmod +x)";
  }
}
