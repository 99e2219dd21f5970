package org.capataz.cli.output;

import java.util.List;
import java.util.function.Function;

/// A kind of thing that commands show.
///
/// @param plural the name of its lists in JSON
/// @param id what other commands take for one
/// @param fields all there is, for programs
/// @param columns of a table of several
/// @param details the lines of a view of one
public record Noun<T>(
    String plural,
    Function<? super T, String> id,
    List<Field<T>> fields,
    List<Column<T>> columns,
    List<Column<T>> details) {

  public Noun {
    fields = List.copyOf(fields);
    columns = List.copyOf(columns);
    details = List.copyOf(details);
  }
}
