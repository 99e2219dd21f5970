package org.capataz.cli.output;

import java.util.function.Function;

/// A field as programs see it, in JSON and CSV. Names are promised: they are only ever added.
///
/// @param name in lowerCamelCase; a point stands between the name of an object and of its field,
///   and fields of one object follow each other
public record Field<T>(String name, Function<? super T, Value> value) {}
