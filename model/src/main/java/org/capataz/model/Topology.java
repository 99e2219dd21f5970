package org.capataz.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How the cores of a node lie on its sockets, and how many GPUs it has: what the units are that it
/// can be given away in. Cores and GPUs are numbered from 0.
///
/// @param sockets the cores of each, which together are all cores; none is empty
public record Topology(List<CoreSet> sockets, int gpus) {

  public Topology {
    sockets = List.copyOf(sockets);
    var cores = CoreSet.EMPTY;
    var sum = 0;
    for (var socket : sockets) {
      cores = cores.plus(socket);
      sum += socket.size();
      if (socket.isEmpty()) {
        throw new IllegalArgumentException("expected sockets with cores, but one has none");
      }
    }
    if (gpus < 0 || gpus > Limits.GPUS || !cores.equals(CoreSet.first(sum))) {
      throw new IllegalArgumentException("expected each core on one socket, but got " + sockets);
    }
  }

  /// A node of one socket.
  public static Topology flat(int cores) {
    return even(cores, 1, 0);
  }

  /// A node whose cores lie on its sockets one after the other, as evenly as they can.
  ///
  /// @throws IllegalArgumentException if there can be no node with so many
  public static Topology even(int cores, int sockets, int gpus) {
    if (cores < 1 || cores > Limits.CORES) {
      throw new IllegalArgumentException(
          "expected a node that offers 1 to " + Limits.CORES + " cores, but it offers " + cores);
    }
    var count = Math.max(1, Math.min(cores, sockets));
    var lists = new ArrayList<CoreSet>(count);
    for (var socket = 0; socket < count; socket++) {
      var from = (int) ((long) cores * socket / count);
      var to = (int) ((long) cores * (socket + 1) / count);
      lists.add(CoreSet.first(to).minus(CoreSet.first(from)));
    }
    return new Topology(lists, gpus);
  }

  public int cores() {
    return sockets.stream().mapToInt(CoreSet::size).sum();
  }

  /// All that the node has.
  public Parts all() {
    return new Parts(CoreSet.first(cores()), CoreSet.first(gpus));
  }

  /// The cores that come with each GPU: its share of the node's, at least one.
  public int coresPerGpu() {
    return gpus == 0 ? 1 : Math.max(1, cores() / gpus);
  }

  /// How many units the whole node makes.
  public int count(Unit unit) {
    return switch (unit) {
      case CORE -> cores();
      case SOCKET -> sockets.size();
      case NODE -> 1;
      case GPU -> Math.min(gpus, cores() / coresPerGpu());
    };
  }

  /// How many whole units some free parts of the node make.
  public int count(Unit unit, Parts free) {
    return switch (unit) {
      case CORE -> free.cores().size();
      case SOCKET -> (int) sockets.stream().filter(free.cores()::containsAll).count();
      case NODE -> free.containsAll(all()) ? 1 : 0;
      case GPU -> Math.min(free.gpus().size(), free.cores().size() / coresPerGpu());
    };
  }

  /// How many units a job holds that has these parts, which were units once: the node may have come
  /// back with another topology.
  public int held(Unit unit, Parts parts) {
    return switch (unit) {
      case CORE -> parts.cores().size();
      case SOCKET -> {
        var touched = (int) sockets.stream().filter(parts.cores()::intersects).count();
        yield touched == 0 && !parts.isEmpty() ? 1 : touched;
      }
      case NODE -> parts.isEmpty() ? 0 : 1;
      case GPU -> parts.gpus().size();
    };
  }

  /// Chooses units among free parts. Cores come from one socket where one has as many free: from
  /// the one with fewest left; else from those with most.
  ///
  /// @throws IllegalArgumentException if there are not so many
  public Parts take(Unit unit, int count, Parts free) {
    if (count > count(unit, free)) {
      throw new IllegalArgumentException("expected " + unit.count(count) + " in " + free);
    }
    return switch (unit) {
      case CORE -> Parts.ofCores(cores(count, free.cores()));
      case SOCKET -> {
        var cores = CoreSet.EMPTY;
        var left = count;
        for (var socket : sockets) {
          if (left > 0 && free.cores().containsAll(socket)) {
            cores = cores.plus(socket);
            left--;
          }
        }
        yield Parts.ofCores(cores);
      }
      case NODE -> count == 0 ? Parts.NONE : all();
      case GPU -> new Parts(cores(count * coresPerGpu(), free.cores()), free.gpus().lowest(count));
    };
  }

  private CoreSet cores(int count, CoreSet free) {
    if (sockets.size() == 1 || count == free.size()) {
      return free.lowest(count);
    }
    var parts = new ArrayList<CoreSet>();
    for (var socket : sockets) {
      parts.add(free.intersection(socket));
    }
    var whole =
        parts.stream()
            .filter(part -> part.size() >= count)
            .min(Comparator.comparingInt(CoreSet::size));
    if (whole.isPresent()) {
      return whole.get().lowest(count);
    }
    parts.sort(Comparator.comparingInt(CoreSet::size).reversed());
    var taken = CoreSet.EMPTY;
    for (var part : parts) {
      taken = taken.plus(part.lowest(Math.min(part.size(), count - taken.size())));
    }
    // What a node that came back smaller no longer has on any socket.
    return taken.size() == count
        ? taken
        : taken.plus(free.minus(taken).lowest(count - taken.size()));
  }
}
