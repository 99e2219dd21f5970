package org.capataz.wire;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The user's home directory as shells have it: `HOME`, or where that is not set, what the password
/// file says. Java's own `user.home` is the latter always.
public final class Home {

  private Home() {}

  public static Path ofUser() {
    return of(System.getenv());
  }

  static Path of(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HOME"))
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElseGet(() -> Path.of(System.getProperty("user.home")));
  }
}
