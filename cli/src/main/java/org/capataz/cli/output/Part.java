package org.capataz.cli.output;

import java.util.stream.Stream;

/// Things that a view shows below the one that it is about.
///
/// @param more the command that shows all of them
public record Part<T>(Noun<T> noun, Stream<T> items, String more) {}
