package org.capataz.computenode.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.model.AttemptId;

/// What MPI launchers read from their environment, so that `mpirun app` finds the task's nodes and
/// starts its daemons there through `mpi-agent`. A job may set each of them otherwise, or unset it.
///
/// Tried with Open MPI 4.1 and MPICH 4.0; the names that begin with PRTE are those of Open MPI 5.
final class MpiVariables {

  /// A network in HPC Pack's CCP_MPI_NETMASK, with its mask in dots or its prefix's length.
  private static final String NETWORK = "[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9.]+";

  private MpiVariables() {}

  /// @param own what the job sets, of which CCP_MPI_HOSTFILE_FORMAT and CCP_MPI_NETMASK are heeded
  static Map<String, String> of(ParallelFiles files, AttemptId attempt, Map<String, String> own) {
    var agent = files.agent().toString();
    var openMpi = files.hosts(attempt, ParallelFiles.Form.SLOTS).toString();
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
    // Its own binding starts at the machine's first core, whosever that is.
    variables.put("OMPI_MCA_hwloc_base_binding_policy", "none");
    variables.put("PRTE_MCA_plm", "ssh");
    variables.put("PRTE_MCA_plm_ssh_agent", agent);
    variables.put("PRTE_MCA_plm_ssh_no_tree_spawn", "1");
    variables.put("PRTE_MCA_prte_leave_session_attached", "1");
    variables.put("PRTE_MCA_prte_default_hostfile", openMpi);
    variables.put("PRTE_MCA_ras", "^slurm,gridengine");
    variables.put("PRTE_MCA_hwloc_default_binding_policy", "none");
    variables.put("HYDRA_LAUNCHER", "rsh");
    variables.put("HYDRA_LAUNCHER_EXEC", agent);
    variables.put("HYDRA_RMK", "user");
    variables.put("HYDRA_HOST_FILE", files.hosts(attempt, ParallelFiles.Form.COLON).toString());
    var form = ParallelFiles.Form.numbered(own.getOrDefault("CCP_MPI_HOSTFILE_FORMAT", ""));
    variables.put("CCP_MPI_HOSTFILE", files.hosts(attempt, form).toString());
    network(own.getOrDefault("CCP_MPI_NETMASK", ""))
        .ifPresent(
            network -> {
              variables.put("OMPI_MCA_btl_tcp_if_include", network);
              variables.put("OMPI_MCA_oob_tcp_if_include", network);
              variables.put("PRTE_MCA_prte_if_include", network);
            });
    return variables;
  }

  /// A network as Open MPI reads it, `10.0.0.0/16`, of CCP_MPI_NETMASK's `10.0.0.0/255.255.0.0`.
  private static Optional<String> network(String netmask) {
    if (!netmask.matches(NETWORK)) {
      return Optional.empty();
    }
    var slash = netmask.indexOf('/') + 1;
    var mask = netmask.substring(slash);
    if (!mask.contains(".")) {
      return Optional.of(netmask);
    }
    var bits = 0;
    for (var part : mask.split("\\.", -1)) {
      bits += part.isEmpty() ? 0 : Integer.bitCount(Integer.parseInt(part));
    }
    return Optional.of(netmask.substring(0, slash) + bits);
  }
}
