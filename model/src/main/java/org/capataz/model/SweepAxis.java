package org.capataz.model;

import java.util.List;

/// One of the things that a sweep over values varies, as somebody wrote it. Over several, a sweep
/// has an instance for each combination; the last one changes fastest.
public sealed interface SweepAxis {

  /// Values, one after the other, for which `*` stands. A sweep over them is over nothing else.
  record Lines(List<String> values) implements SweepAxis {
    public Lines {
      values = List.copyOf(values);
    }
  }

  /// The values of one parameter, for which `{name}` stands.
  ///
  /// @param list values with commas between; `A-B` and `A-B:S` of whole numbers are ranges
  record Listed(String name, String list) implements SweepAxis {}

  /// Parameters that change together, as the columns of a table do.
  ///
  /// @param names of the columns; `{name}` stands for each
  /// @param cells row by row, in each as many as there are names
  record Rows(List<String> names, List<String> cells) implements SweepAxis {
    public Rows {
      names = List.copyOf(names);
      cells = List.copyOf(cells);
    }
  }
}
