package org.capataz.cli;

import org.capataz.jobsxml.JobFile;
import org.capataz.jobsxml.JobFileForm;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Writes a job as a job file, as it was written by its owner and in whatever state it is.",
      "",
      "Submitting the file makes a fresh job like it. With --hpc-pack the file is one that HPC Pack"
          + " reads."
    },
    footer = {
      "",
      "Examples:",
      "  capataz job export 12 > study.xml",
      "  capataz job export 12 --file study.xml --hpc-pack"
    })
final class JobExport extends ClusterCommand {

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The file to write; one that exists is replaced. Default: standard output.")
  private @Nullable String file;

  @Option(names = "--hpc-pack", description = "In HPC Pack's form and namespace.")
  private boolean hpcPack;

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  JobExport(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var job = Accepted.value(Inputs.job(id));
    var form = hpcPack ? JobFileForm.HPC_PACK : JobFileForm.CAPATAZ;
    return (cluster, out) -> {
      var xml = Accepted.value(JobFile.write(cluster.job(job).draft(), form).in("job " + job));
      world.write(file, xml);
      return ExitCode.DONE;
    };
  }
}
