package org.capataz.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A sweep over named parameters: an instance for each combination of the rows of its factors, of
/// which the last changes fastest. The index is the combination's position, from 1.
public record SweepProduct(List<Factor> factors) implements Sweep {

  /// Parameters that change together.
  ///
  /// @param columns the values of each, all of one length
  record Factor(List<String> names, List<Sweep> columns) {

    Factor {
      names = List.copyOf(names);
      columns = List.copyOf(columns);
    }

    int count() {
      return columns.getFirst().count();
    }

    Stream<String> row(int row) {
      return columns.stream().map(column -> column.values(row).getFirst());
    }
  }

  public SweepProduct {
    factors = List.copyOf(factors);
    if (factors.isEmpty() || count(factors) > Limits.INSTANCES) {
      throw new IllegalArgumentException("sweep " + factors);
    }
  }

  /// How many combinations there are; more than any int can say is as good as the most.
  static long count(List<Factor> factors) {
    return factors.stream()
        .mapToLong(Factor::count)
        .reduce(1, (count, rows) -> Math.min(Integer.MAX_VALUE, count * rows));
  }

  @Override
  public int count() {
    return (int) count(factors);
  }

  @Override
  public long index(int ordinal) {
    return ordinal + 1L;
  }

  @Override
  public int ordinal(long index) {
    return index < 1 || index > count() ? -1 : (int) index - 1;
  }

  /// The parameters, in the order of their values.
  List<String> names() {
    return factors.stream().flatMap(factor -> factor.names().stream()).toList();
  }

  /// The value of each parameter.
  Map<String, String> parameters(int ordinal) {
    var values = values(ordinal).iterator();
    values.next();
    var parameters = new LinkedHashMap<String, String>();
    names().forEach(name -> parameters.put(name, values.next()));
    return parameters;
  }

  @Override
  public List<String> values(int ordinal) {
    var rows = new int[factors.size()];
    var left = ordinal;
    for (var i = rows.length - 1; i >= 0; i--) {
      rows[i] = left % factors.get(i).count();
      left /= factors.get(i).count();
    }
    var values = new ArrayList<String>();
    values.add(Long.toString(index(ordinal)));
    IntStream.range(0, rows.length).forEach(i -> factors.get(i).row(rows[i]).forEach(values::add));
    return values;
  }
}
