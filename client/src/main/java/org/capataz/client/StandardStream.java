package org.capataz.client;

/// What an instance writes to.
public enum StandardStream {
  OUTPUT,
  ERROR
}
