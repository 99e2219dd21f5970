package org.capataz.computenode.agent;

import java.util.LinkedHashMap;
import java.util.Map;

/// Whom tasks run as, and what their environment begins with: that of a login, not that of whoever
/// started the node, so that a job does the same on every node.
///
/// @param home where tasks without a working directory run
record Login(String user, String home, String shell, String language, String temporary) {

  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /// The user that this process runs as.
  ///
  /// @param environment of this process
  static Login of(Map<String, String> environment) {
    return new Login(
        System.getProperty("user.name"),
        System.getProperty("user.home"),
        environment.getOrDefault("SHELL", "/bin/sh"),
        environment.getOrDefault("LANG", "C.UTF-8"),
        environment.getOrDefault("TMPDIR", "/tmp"));
  }

  /// A new, mutable environment.
  Map<String, String> environment() {
    var variables = new LinkedHashMap<String, String>();
    variables.put("HOME", home);
    variables.put("USER", user);
    variables.put("LOGNAME", user);
    variables.put("SHELL", shell);
    variables.put("PATH", PATH);
    variables.put("LANG", language);
    variables.put("TMPDIR", temporary);
    return variables;
  }
}
