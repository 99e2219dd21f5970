package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {

  private static final ClusterSettings ENFORCING =
      ClusterSettings.DEFAULT.with(ClusterParameter.MEMORY_ENFORCEMENT, "Reserved");

  private static Map<String, String> says(String text) {
    return Map.of("CCP_MAXIMUMMEMORY", text);
  }

  @Test
  void whatIsReservedIsNoLimitUnlessTheClusterEnforcesIt() {
    assertThat(MemoryLimit.of(ClusterSettings.DEFAULT, Map.of(), 300)).isZero();
    assertThat(MemoryLimit.of(ENFORCING, Map.of(), 300)).isEqualTo(300);
    assertThat(MemoryLimit.of(ENFORCING, Map.of(), 0)).isZero();
  }

  @Test
  void theVariableIsALimitOnEveryClusterAndMayBeGivenWithAUnit() {
    assertThat(MemoryLimit.of(ClusterSettings.DEFAULT, says("300"), 0)).isEqualTo(300);
    assertThat(MemoryLimit.of(ClusterSettings.DEFAULT, says("2G"), 500)).isEqualTo(2048);
  }

  @Test
  void ofTwoLimitsTheSmallerHolds() {
    assertThat(MemoryLimit.of(ENFORCING, says("300"), 200)).isEqualTo(200);
    assertThat(MemoryLimit.of(ENFORCING, says("300"), 400)).isEqualTo(300);
  }

  @Test
  void theVariableOfTheClusterHoldsWhereJobAndTaskSayNothingElse() {
    var settings = ClusterSettings.DEFAULT.withVariable("CCP_MAXIMUMMEMORY", "100");

    assertThat(MemoryLimit.of(settings, Map.of("OTHER", "1"), 0)).isEqualTo(100);
    assertThat(MemoryLimit.of(settings, says("300"), 0)).isEqualTo(300);
    assertThat(MemoryLimit.of(settings, says(""), 0)).isZero();
  }

  @Test
  void aVariableOfAnotherFormIsRefusedWithTheJob() {
    for (var text : new String[] {"much", "-1", "0", "1.5G"}) {
      assertThat(Variables.check(says(text)))
          .isInstanceOfSatisfying(
              Result.Refused.class,
              refused ->
                  assertThat(refused.refusal().message())
                      .startsWith("variable CCP_MAXIMUMMEMORY: expected ")
                      .endsWith("but got '" + text + "'"));
    }
  }
}
