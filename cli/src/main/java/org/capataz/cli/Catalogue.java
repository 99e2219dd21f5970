package org.capataz.cli;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.JobProperty;
import org.capataz.model.Property;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;

/// Properties of the catalogue, given by their names.
final class Catalogue {

  private Catalogue() {}

  /// Reads `NAME=VALUE`, where a property may have no option of its own.
  static <P extends Enum<P> & Property> Map<P, String> set(
      List<String> assignments, P[] catalogue, Class<P> type) {
    var properties = new EnumMap<P, String>(type);
    Assignments.of(assignments)
        .forEach(
            (name, text) -> {
              var property =
                  Arrays.stream(catalogue)
                      .filter(each -> each.modelName().equalsIgnoreCase(name))
                      .findFirst()
                      .orElseThrow(
                          () ->
                              Accepted.refused(
                                  "--set: expected a property of "
                                      + (catalogue[0] instanceof JobProperty ? "jobs" : "tasks")
                                      + ", but there is no '"
                                      + Text.shown(name)
                                      + "'"));
              if (!text.isEmpty()) {
                Accepted.value(checked(property, text));
              }
              properties.put(property, text);
            });
    return properties;
  }

  /// Puts what was given; null for nothing.
  static <P extends Property> void put(
      Map<P, String> properties, P property, @Nullable String text) {
    if (text != null) {
      properties.put(property, text);
    }
  }

  private static Result<String> checked(Property property, String text) {
    return property.type().check(text).in(property.modelName());
  }
}
