package org.capataz.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.Stream;

/// One JSON object per call, as `capataz-v1.schema.json` describes it. Lists are written as they
/// come, each thing on a line of its own.
record JsonOutput(PrintStream out) implements Output {

  static final String SCHEMA = "capataz/v1";

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  @Override
  public <T> void list(Noun<T> noun, Stream<T> items) {
    var each = started(items);
    object(json -> array(json, noun, each));
  }

  @Override
  public <T> void view(Noun<T> noun, T item) {
    object(json -> fields(json, noun, item));
  }

  @Override
  public <T, U> void view(Noun<T> noun, T item, Part<U> part) {
    var each = started(part.items());
    object(
        json -> {
          fields(json, noun, item);
          array(json, part.noun(), each);
        });
  }

  @Override
  public void failed(String code, String message, String hint) {
    object(
        json -> {
          json.writeObjectFieldStart("error");
          json.writeStringField("code", code);
          json.writeStringField("message", message);
          json.writeStringField("hint", hint);
          json.writeEndObject();
        });
  }

  private void object(Body body) {
    try (var json = new JsonFactory().createGenerator(out)) {
      json.disable(StreamWriteFeature.AUTO_CLOSE_TARGET.mappedFeature());
      // What stands half written when the head node fails must not look like all there is.
      json.disable(StreamWriteFeature.AUTO_CLOSE_CONTENT.mappedFeature());
      json.setPrettyPrinter(new LinePerItem());
      json.writeStartObject();
      json.writeStringField("schema", SCHEMA);
      body.write(json);
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// Asks for the first item before anything is written, so that what is refused at once leaves
  /// standard output to the error.
  private <T> Iterator<T> started(Stream<T> items) {
    var each = Reading.whileRead(out, items).iterator();
    var _ = each.hasNext();
    return each;
  }

  private static <T> void array(JsonGenerator json, Noun<T> noun, Iterator<T> each)
      throws IOException {
    json.writeArrayFieldStart(noun.plural());
    while (each.hasNext()) {
      json.writeStartObject();
      fields(json, noun, each.next());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static <T> void fields(JsonGenerator json, Noun<T> noun, T item) throws IOException {
    var open = "";
    for (var field : noun.fields()) {
      var point = field.name().indexOf('.');
      var object = point < 0 ? "" : field.name().substring(0, point);
      if (!object.equals(open)) {
        if (!open.isEmpty()) {
          json.writeEndObject();
        }
        if (!object.isEmpty()) {
          json.writeObjectFieldStart(object);
        }
        open = object;
      }
      json.writeFieldName(field.name().substring(point + 1));
      value(json, field.value().apply(item));
    }
    if (!open.isEmpty()) {
      json.writeEndObject();
    }
  }

  private static void value(JsonGenerator json, Value value) throws IOException {
    switch (value) {
      case Value.None() -> json.writeNull();
      case Value.Text(var text) -> json.writeString(text);
      case Value.Whole(var number) -> json.writeNumber(number);
      case Value.Real(var number) -> json.writeNumber(number);
      case Value.Flag(var flag) -> json.writeBoolean(flag);
      case Value.Pairs(var pairs) -> {
        json.writeStartObject();
        for (var pair : pairs.entrySet()) {
          json.writeStringField(pair.getKey(), pair.getValue());
        }
        json.writeEndObject();
      }
      case Value.Texts(var texts) -> json.writeArray(texts.toArray(String[]::new), 0, texts.size());
    }
  }

  /// Breaks the line between the things of a list, and nowhere else.
  private static final class LinePerItem extends MinimalPrettyPrinter {
    private static final long serialVersionUID = 1L;

    @Override
    public void beforeArrayValues(JsonGenerator json) throws IOException {
      if (isList(json)) {
        json.writeRaw('\n');
      }
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
      json.writeRaw(isList(json) ? ",\n" : ",");
    }

    @Override
    public void writeEndArray(JsonGenerator json, int values) throws IOException {
      json.writeRaw(isList(json) && values > 0 ? "\n]" : "]");
    }

    private static boolean isList(JsonGenerator json) {
      return json.getOutputContext().getParent().getParent().inRoot();
    }
  }
}
