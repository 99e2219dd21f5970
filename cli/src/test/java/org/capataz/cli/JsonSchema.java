package org.capataz.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// As much of JSON Schema as `capataz-v1.schema.json` uses: type, const, enum, properties,
/// required, additionalProperties, items, oneOf and local references.
final class JsonSchema {

  private static final Path FILE =
      Path.of("src/main/resources/org/capataz/cli/capataz-v1.schema.json");

  private final Map<?, ?> root;

  private JsonSchema(Map<?, ?> root) {
    this.root = root;
  }

  static JsonSchema ofProject() {
    try {
      return new JsonSchema(map(read(Files.readString(FILE))));
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /// Where a text goes against the schema; empty for nowhere.
  List<String> violations(String text) {
    try {
      return violations(read(text), root, "$");
    } catch (IOException noJson) {
      return List.of(noJson.toString());
    }
  }

  private List<String> violations(@Nullable Object value, Map<?, ?> given, String at) {
    var schema = given;
    if (schema.get("$ref") instanceof String reference) {
      schema = map(map(root.get("$defs")).get(reference.substring("#/$defs/".length())));
    }
    if (schema.get("oneOf") instanceof List<?> choices) {
      var all = new ArrayList<String>();
      var fitting = 0;
      for (var choice : choices) {
        var found = violations(value, map(choice), at);
        fitting += found.isEmpty() ? 1 : 0;
        all.addAll(found);
      }
      return fitting == 1 ? List.of() : all.isEmpty() ? List.of(at + ": several fit") : all;
    }
    var found = new ArrayList<String>();
    if (schema.containsKey("const") && !schema.get("const").equals(value)) {
      found.add(at + ": expected " + schema.get("const") + ", but got " + value);
    }
    if (schema.get("enum") instanceof List<?> values && !values.contains(value)) {
      found.add(at + ": expected one of " + values + ", but got " + value);
    }
    var type = schema.get("type");
    if (type != null && !isOfType(value, type)) {
      found.add(at + ": expected " + type + ", but got " + value);
    }
    if (value instanceof Map<?, ?> object) {
      found.addAll(ofObject(object, schema, at));
    }
    if (value instanceof List<?> array && schema.get("items") instanceof Map<?, ?> items) {
      for (var i = 0; i < array.size(); i++) {
        found.addAll(violations(array.get(i), items, at + "[" + i + "]"));
      }
    }
    return found;
  }

  private List<String> ofObject(Map<?, ?> object, Map<?, ?> schema, String at) {
    var found = new ArrayList<String>();
    if (schema.get("additionalProperties") instanceof Map<?, ?> each) {
      object.forEach((name, value) -> found.addAll(violations(value, each, at + "." + name)));
      return found;
    }
    var properties = schema.get("properties") instanceof Map<?, ?> known ? known : Map.of();
    for (var required : list(schema.get("required"))) {
      if (!object.containsKey(required)) {
        found.add(at + "." + required + ": missing");
      }
    }
    for (var entry : object.entrySet()) {
      var name = entry.getKey();
      if (properties.containsKey(name)) {
        found.addAll(violations(entry.getValue(), map(properties.get(name)), at + "." + name));
      } else {
        found.add(at + "." + name + ": unknown");
      }
    }
    return found;
  }

  private static boolean isOfType(@Nullable Object value, Object type) {
    if (type instanceof List<?> types) {
      return types.stream().anyMatch(each -> isOfType(value, each));
    }
    return switch (type.toString()) {
      case "null" -> value == null;
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Long;
      case "number" -> value instanceof Number;
      case "boolean" -> value instanceof Boolean;
      case "array" -> value instanceof List;
      case "object" -> value instanceof Map;
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static Map<?, ?> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("expected an object in the schema, but got " + value);
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static @Nullable Object read(String text) throws IOException {
    try (var parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      var value = value(parser);
      if (parser.nextToken() != null) {
        throw new IOException("expected one value, but more follows");
      }
      return value;
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        var object = new LinkedHashMap<String, @Nullable Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          var name = parser.currentName();
          parser.nextToken();
          object.put(name, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        var array = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IOException("unexpected " + parser.currentToken());
    };
  }
}
