package org.capataz.model;

/// A request for at least `min` and at most `max` of a unit, as jobs and tasks make it.
public record Span(int min, int max) {

  public Span {
    if (min < 1 || max < min) {
      throw new IllegalArgumentException("span " + min + "-" + max);
    }
  }

  @Override
  public String toString() {
    return min == max ? Integer.toString(min) : min + "-" + max;
  }
}
