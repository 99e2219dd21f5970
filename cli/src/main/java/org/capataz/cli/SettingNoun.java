package org.capataz.cli;

import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.text;

import java.util.List;
import java.util.Map;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.model.ClusterParameter;

/// What is shown of the cluster's parameters and variables.
final class SettingNoun {

  /// A parameter with the value that holds.
  record Parameter(ClusterParameter parameter, String text) {}

  static final Noun<Parameter> PARAMETER =
      new Noun<>(
          "parameters",
          setting -> setting.parameter().modelName(),
          List.of(
              new Field<>("name", setting -> Value.of(setting.parameter().modelName())),
              new Field<>("value", setting -> Value.of(setting.text())),
              new Field<>("default", setting -> Value.of(setting.parameter().defaultText())),
              new Field<>("since", setting -> Value.of(setting.parameter().since())),
              new Field<>("description", setting -> Value.of(setting.parameter().description()))),
          List.of(
              key("NAME", setting -> setting.parameter().modelName()),
              key("VALUE", Parameter::text),
              key("DEFAULT", setting -> setting.parameter().defaultText()),
              text("DESCRIPTION", setting -> setting.parameter().description())),
          List.of());

  static final Noun<Map.Entry<String, String>> VARIABLE =
      new Noun<>(
          "variables",
          Map.Entry::getKey,
          List.of(
              new Field<>("name", variable -> Value.of(variable.getKey())),
              new Field<>("value", variable -> Value.of(variable.getValue()))),
          List.of(key("NAME", Map.Entry::getKey), text("VALUE", Map.Entry::getValue)),
          List.of());

  private SettingNoun() {}
}
