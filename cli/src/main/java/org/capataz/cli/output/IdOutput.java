package org.capataz.cli.output;

import java.io.PrintStream;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Ids alone, one a line, as other commands take them.
record IdOutput(PrintStream out) implements Output {

  @Override
  public <T> void list(Noun<T> noun, Stream<T> items) {
    Reading.whileRead(out, items).forEach(item -> view(noun, item));
  }

  @Override
  public <T> void view(Noun<T> noun, T item) {
    out.println(noun.id().apply(item));
  }

  @Override
  public <T, U> void view(Noun<T> noun, T item, Part<U> part) {
    view(noun, item);
  }

  @Override
  public <T> void made(Noun<T> noun, String id, Supplier<T> item, String sentence) {
    out.println(id);
  }
}
