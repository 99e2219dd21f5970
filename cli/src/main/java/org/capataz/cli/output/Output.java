package org.capataz.cli.output;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One way to write results. One value is written per call of the program.
public interface Output {

  /// Several things, as they come from the stream.
  <T> void list(Noun<T> noun, Stream<T> items);

  /// One thing.
  <T> void view(Noun<T> noun, T item);

  /// One thing, and what belongs to it.
  <T, U> void view(Noun<T> noun, T item, Part<U> part);

  /// What was done to some things: for people one sentence on each, else their list.
  default <T> void done(Noun<T> noun, List<T> items, Function<T, String> sentence) {
    list(noun, items.stream());
  }

  /// One thing that was made: for people a sentence.
  ///
  /// @param item asked for only where more than the id is shown
  default <T> void made(Noun<T> noun, String id, Supplier<T> item, String sentence) {
    view(noun, item.get());
  }

  /// Why nothing was done, where programs read it on standard output.
  default void failed(String code, String message, String hint) {}
}
