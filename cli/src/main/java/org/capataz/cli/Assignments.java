package org.capataz.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.Text;

/// Arguments of the form `NAME=VALUE`.
final class Assignments {

  private Assignments() {}

  /// The values by name, in the order in which they were given.
  static Map<String, String> of(List<String> arguments) {
    var values = new LinkedHashMap<String, String>();
    for (var argument : arguments) {
      var equals = argument.indexOf('=');
      if (equals < 1) {
        throw Accepted.refused("expected NAME=VALUE, but got '" + Text.shown(argument) + "'");
      }
      values.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    return values;
  }
}
