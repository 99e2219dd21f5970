package org.capataz.model;

/// Cores and GPUs of one node, by number.
public record Parts(CoreSet cores, CoreSet gpus) {

  public static final Parts NONE = new Parts(CoreSet.EMPTY, CoreSet.EMPTY);

  public static Parts ofCores(CoreSet cores) {
    return new Parts(cores, CoreSet.EMPTY);
  }

  public boolean isEmpty() {
    return cores.isEmpty() && gpus.isEmpty();
  }

  public boolean containsAll(Parts other) {
    return cores.containsAll(other.cores) && gpus.containsAll(other.gpus);
  }

  public boolean intersects(Parts other) {
    return cores.intersects(other.cores) || gpus.intersects(other.gpus);
  }

  public Parts plus(Parts other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    return new Parts(cores.plus(other.cores), gpus.plus(other.gpus));
  }

  public Parts minus(Parts other) {
    var restOfCores = cores.minus(other.cores);
    var restOfGpus = gpus.minus(other.gpus);
    return restOfCores.isEmpty() && restOfGpus.isEmpty()
        ? NONE
        : new Parts(restOfCores, restOfGpus);
  }

  @Override
  public String toString() {
    return gpus.isEmpty() ? cores.toString() : cores + " gpu " + gpus;
  }
}
