package org.capataz.computenode.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.model.AttemptId;

/// What MPI launchers read from their environment, so that `mpirun app` finds the task's nodes and
/// starts its daemons there through `mpi-agent`. A job may set each of them otherwise, or unset it.
///
/// Tried with Open MPI 4.1 and MPICH 4.0; the names that begin with PRTE are those of Open MPI 5.
final class MpiVariables {

  /// HPC Pack's CCP_MPI_HOSTFILE_FORMAT of files whose lines are `NAME:N`.
  private static final String COLON = "1";

  private MpiVariables() {}

  static Map<String, String> of(ParallelFiles files, AttemptId attempt) {
    var agent = files.agent().toString();
    var openMpi = files.openMpiHosts(attempt).toString();
    var variables = new LinkedHashMap<String, String>();
    variables.put("OMPI_MCA_plm", "rsh");
    variables.put("OMPI_MCA_plm_rsh_agent", agent);
    // Each daemon is started from here: others have no business to start more.
    variables.put("OMPI_MCA_plm_rsh_no_tree_spawn", "1");
    // The daemons stay where they are started: their end, and what they say, is seen.
    variables.put("OMPI_MCA_orte_leave_session_attached", "1");
    variables.put("OMPI_MCA_orte_default_hostfile", openMpi);
    // Variables of another scheduler, should a job set them, are not believed.
    variables.put("OMPI_MCA_ras", "^slurm,gridengine");
    variables.put("PRTE_MCA_plm", "ssh");
    variables.put("PRTE_MCA_plm_ssh_agent", agent);
    variables.put("PRTE_MCA_plm_ssh_no_tree_spawn", "1");
    variables.put("PRTE_MCA_prte_leave_session_attached", "1");
    variables.put("PRTE_MCA_prte_default_hostfile", openMpi);
    variables.put("PRTE_MCA_ras", "^slurm,gridengine");
    variables.put("HYDRA_LAUNCHER", "rsh");
    variables.put("HYDRA_LAUNCHER_EXEC", agent);
    variables.put("HYDRA_RMK", "user");
    variables.put("HYDRA_HOST_FILE", files.mpichHosts(attempt).toString());
    return variables;
  }

  /// The file for CCP_MPI_HOSTFILE.
  ///
  /// @param form what the job set CCP_MPI_HOSTFILE_FORMAT to
  static String hosts(ParallelFiles files, AttemptId attempt, String form) {
    return (form.equals(COLON) ? files.mpichHosts(attempt) : files.openMpiHosts(attempt))
        .toString();
  }
}
