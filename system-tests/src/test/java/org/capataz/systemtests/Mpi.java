package org.capataz.systemtests;

import java.util.List;
import java.util.stream.Stream;
import org.capataz.client.TaskBuilder;

/// The MPIs of Debian, chosen by name and not by what its alternatives point to.
enum Mpi {
  OPEN_MPI("mpicc.openmpi", "mpirun.openmpi"),
  MPICH("mpicc.mpich", "mpirun.mpich");

  private final String compiler;
  private final String launcher;

  Mpi(String compiler, String launcher) {
    this.compiler = compiler;
    this.launcher = launcher;
  }

  String compiler() {
    return compiler;
  }

  /// A task that runs a program with a plain `mpirun PROGRAM`.
  TaskBuilder run(TaskBuilder task, List<String> program) {
    return task.command(Stream.concat(Stream.of(launcher), program.stream()).toArray(String[]::new))
        // Open MPI will not run as root otherwise.
        .environment("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .environment("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        // Its shared memory goes by the machine's name, which both nodes have here.
        .environment("OMPI_MCA_btl", "self,tcp")
        // MPICH goes by that name too, which here may be no address.
        .environment("HYDRA_IFACE", "lo");
  }
}
