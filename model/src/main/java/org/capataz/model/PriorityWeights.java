package org.capataz.model;

/// What the place of a job within its priority is made of, under the order `multifactor`: each of
/// the factors is from 0 to 1 and counts as much as its weight, which may be negative.
///
/// @param age of the time waited
/// @param fairShare of the fair share of who submitted it
/// @param size of the part of the cluster that it asks for
/// @param project of the boost of its project
/// @param maxAgeSeconds of waiting, after which the age grows no more
public record PriorityWeights(int age, int fairShare, int size, int project, long maxAgeSeconds) {

  static PriorityWeights of(ClusterSettings settings) {
    return new PriorityWeights(
        settings.number(ClusterParameter.PRIORITY_WEIGHT_AGE),
        settings.number(ClusterParameter.PRIORITY_WEIGHT_FAIR_SHARE),
        settings.number(ClusterParameter.PRIORITY_WEIGHT_JOB_SIZE),
        settings.number(ClusterParameter.PRIORITY_WEIGHT_PROJECT),
        settings.number(ClusterParameter.PRIORITY_MAX_AGE));
  }
}
