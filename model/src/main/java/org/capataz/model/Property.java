package org.capataz.model;

/// One entry of the property catalogue: what a job or a task can say about itself. Readers,
/// writers, options, output and documentation are all driven by the catalogue, so that a property
/// is added in one place.
public sealed interface Property permits JobProperty, TaskProperty {

  /// The model's name: HPC Pack's property and XML attribute, matched without regard to case.
  String modelName();

  /// The XML attribute of CCS 2003 for the same thing, where it differs from [#modelName]; else
  /// empty.
  String legacyName();

  PropertyType type();

  /// One sentence for schema and documentation.
  String description();

  /// The field's name in JSON: the model's name in lowerCamelCase.
  default String jsonName() {
    return Character.toLowerCase(modelName().charAt(0)) + modelName().substring(1);
  }
}
