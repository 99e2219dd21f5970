package org.capataz.client;

/// Terms of this API as messages.
final class Messages {

  private Messages() {}

  static org.capataz.proto.v1.Ending ending(Ending ending) {
    return switch (ending) {
      case USUAL -> org.capataz.proto.v1.Ending.USUAL;
      case GRACEFUL -> org.capataz.proto.v1.Ending.GRACEFUL;
      case FORCED -> org.capataz.proto.v1.Ending.FORCED;
    };
  }
}
