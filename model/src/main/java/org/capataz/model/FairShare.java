package org.capataz.model;

import java.util.Arrays;
import java.util.List;

/// How fair shares are reckoned from shares and usage.
public enum FairShare {
  /// Siblings are ordered by what they may expect over what they have used, level by level, so that
  /// all of a project that is ahead of another are ahead of all of that; what counts is the place.
  FAIR_TREE("FairTree"),
  /// `2^(-usage/shares)`, both as parts of the whole cluster.
  CLASSIC("Classic");

  private final String text;

  FairShare(String text) {
    this.text = text;
  }

  static List<String> words() {
    return Arrays.stream(values()).map(FairShare::toString).toList();
  }

  /// @param word as it is written in a cluster parameter
  static FairShare of(String word) {
    return Arrays.stream(values()).filter(each -> each.text.equals(word)).findFirst().orElseThrow();
  }

  /// As it is written in a cluster parameter.
  @Override
  public String toString() {
    return text;
  }
}
