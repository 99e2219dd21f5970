package org.capataz.model;

import java.util.Set;

/// One entry of the property catalogue: what a job or a task can say about itself. Readers,
/// writers, options, output and documentation are all driven by the catalogue, so that a property
/// is added in one place.
public sealed interface Property permits JobProperty, TaskProperty {

  /// The states of a job in which what decides how it runs can be changed.
  Set<JobState> BEFORE_IT_RUNS = Set.of(JobState.CONFIGURING, JobState.QUEUED);

  /// The states of a job in which what it is filed under, and how long it may run, can be changed.
  Set<JobState> UNTIL_IT_ENDS = Set.of(JobState.CONFIGURING, JobState.QUEUED, JobState.RUNNING);

  /// The model's name: HPC Pack's property and XML attribute, matched without regard to case.
  String modelName();

  /// The XML attribute of CCS 2003 for the same thing, where it differs from [#modelName]; else
  /// empty.
  String legacyName();

  PropertyType type();

  /// The states of its job in which it can be changed. A job that has ended is Configuring again
  /// when it is changed.
  Set<JobState> changes();

  /// One sentence for schema and documentation.
  String description();

  /// The field's name in JSON: the model's name in lowerCamelCase.
  default String jsonName() {
    return Character.toLowerCase(modelName().charAt(0)) + modelName().substring(1);
  }
}
