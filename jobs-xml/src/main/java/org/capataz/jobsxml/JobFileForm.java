package org.capataz.jobsxml;

/// The forms in which job files are written.
public enum JobFileForm {
  /// Ours: no namespace, made to be read and edited by people.
  CAPATAZ,
  /// HPC Pack's, in the namespace of 2008 R2, which every later version reads: with byte order mark
  /// and CRLF, as HPC Pack writes it.
  HPC_PACK
}
