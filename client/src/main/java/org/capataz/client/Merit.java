package org.capataz.client;

/// What a job's place within its priority is made of, where the cluster parameter QueueOrder is
/// multifactor. Each factor is from 0 to 1, and counts by its cluster parameter.
///
/// @param score their sum by their weights: who has more comes first
/// @param age the time waited, as a part of PriorityMaxAge
/// @param fairShare of who submitted it
/// @param size its minimum, as a part of the cluster
/// @param project the boost of its project
public record Merit(double score, double age, double fairShare, double size, double project) {}
