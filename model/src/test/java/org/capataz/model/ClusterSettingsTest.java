package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClusterSettingsTest {

  @Test
  void whichJobsAreBoundToTheirCoresIsTheClustersChoice() {
    assertThat(ClusterSettings.DEFAULT.binds(false)).isTrue();
    assertThat(ClusterSettings.DEFAULT.binds(true)).isFalse();
    assertThat(affinity("AllJobs").binds(true)).isTrue();
    assertThat(affinity("NoJobs").binds(false)).isFalse();
  }

  private static ClusterSettings affinity(String type) {
    return ClusterSettings.DEFAULT.with(ClusterParameter.AFFINITY_TYPE, type);
  }
}
