package org.capataz.model;

import java.util.LinkedHashMap;
import java.util.Map;

/// Names and values that people give to jobs and tasks for their own filters and tools: the model's
/// extended terms.
public final class CustomProperties {

  private static final int NAME = 80;
  private static final int VALUE = 1024;

  /// How many one job or task may have.
  private static final int MOST = 1000;

  private CustomProperties() {}

  /// Accepts properties within the model's bounds.
  public static Result<Map<String, String>> check(Map<String, String> properties) {
    if (properties.size() > MOST) {
      return Result.invalid(
          "expected at most " + MOST + " custom properties, but got " + properties.size());
    }
    for (var property : properties.entrySet()) {
      var name = property.getKey();
      if (name.isBlank()) {
        return Result.invalid("expected a custom property's name, but it is empty");
      }
      if (Text.name(name, NAME) instanceof Result.Refused<String>(var refusal)) {
        return Result.refused(refusal.in("name of custom property '" + Text.shown(name) + "'"));
      }
      if (Text.bounded(property.getValue(), VALUE) instanceof Result.Refused<String>(var refusal)) {
        return Result.refused(refusal.in("custom property '" + Text.shown(name) + "'"));
      }
    }
    return Result.ok(properties);
  }

  /// Reads `name=value` with semicolons between, as HPC Pack writes them. A name without a value
  /// has an empty one.
  public static Result<Map<String, String>> parse(String text) {
    var properties = new LinkedHashMap<String, String>();
    for (var part : text.split(";", -1)) {
      var equals = part.indexOf('=');
      if (equals < 1) {
        if (part.isBlank()) {
          continue;
        }
        return Result.invalid(
            "expected name=value with semicolons between, but got '" + Text.shown(part) + "'");
      }
      properties.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
    }
    return check(properties);
  }
}
