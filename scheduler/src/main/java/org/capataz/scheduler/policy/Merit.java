package org.capataz.scheduler.policy;

import org.capataz.model.PriorityWeights;

/// What a job's place within its priority is made of, under the order `multifactor`; each from 0 to
/// 1.
///
/// @param age the time that it has waited, as a part of what counts at most
/// @param fairShare of who submitted it
/// @param size its minimum, as a part of the cluster
/// @param project the boost of its project
public record Merit(double age, double fairShare, double size, double project) {

  /// The sum by which it is ordered: the higher, the further to the front.
  public double score(PriorityWeights weights) {
    return weights.age() * age
        + weights.fairShare() * fairShare
        + weights.size() * size
        + weights.project() * project;
  }
}
