package org.capataz.model;

/// Where a job's description came from. It decides defaults that differ: a job of Microsoft's
/// namespaces keeps the original's.
public enum Dialect {
  /// Our command line, our API, and job files without a namespace.
  CAPATAZ(0, ""),
  /// Compute Cluster Server 2003.
  CCS2003(1, "http://www.microsoft.com/ComputeCluster/"),
  /// HPC Server 2008.
  HPC2008(2, "http://schemas.microsoft.com/HPCS2008/scheduler/"),
  /// HPC Server 2008 R2 and everything since.
  HPC2008R2(3, "http://schemas.microsoft.com/HPCS2008R2/scheduler/");

  private final int number;
  private final String namespace;

  Dialect(int number, String namespace) {
    this.number = number;
    this.namespace = namespace;
  }

  /// The number that is stored and sent.
  public int number() {
    return number;
  }

  /// The XML namespace of its job files, empty for none.
  public String namespace() {
    return namespace;
  }

  /// Whether dependents of a failed task fail where the job does not say: ours do at once, the
  /// original's run all the same.
  public boolean failsDependents() {
    return this == CAPATAZ;
  }

  /// Whether a job keeps its nodes to itself where it does not say: as in Compute Cluster Server.
  public boolean isExclusive() {
    return this == CCS2003;
  }

  public static Dialect ofNumber(int number) {
    for (var dialect : values()) {
      if (dialect.number == number) {
        return dialect;
      }
    }
    throw new IllegalArgumentException("dialect " + number);
  }
}
