package org.capataz.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.CustomProperties;
import picocli.CommandLine.Option;

/// Names and values of the caller's own.
final class CustomOption {

  @Option(
      names = "--customproperties",
      paramLabel = "NAME=VALUE;...",
      description = "Names and values of your own, for filters and people. May be repeated.")
  private List<String> given = List.of();

  Map<String, String> properties() {
    var properties = new LinkedHashMap<String, String>();
    for (var text : given) {
      properties.putAll(Accepted.value(CustomProperties.parse(text).in("--customproperties")));
    }
    return properties;
  }

  /// What a job or task has, and over it what was given here.
  Map<String, String> over(Map<String, String> before) {
    var all = new LinkedHashMap<>(before);
    all.putAll(properties());
    return all;
  }
}
