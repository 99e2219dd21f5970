package org.capataz.computenode.agent;

import java.util.UUID;

/// A start of a cluster's head node; a later start has a higher epoch.
record ClusterEpoch(UUID cluster, long epoch) {}
