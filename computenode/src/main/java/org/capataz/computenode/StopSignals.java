package org.capataz.computenode;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/// Hands the signals that ask a process to end to a listener, each time that one comes. A shutdown
/// hook would hear of the first alone, and could not choose the exit code.
final class StopSignals {

  private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

  private StopSignals() {}

  /// @param listener called on a thread of its own; must not wait
  static void listen(Runnable listener) {
    // By reflection: the module exports sun.misc.Signal to everybody, but to name it in the source
    // is a warning that cannot be suppressed, and warnings are errors.
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler call =
          (_, method, _) -> {
            if (method.getName().equals("handle")) {
              listener.run();
            }
            return null;
          };
      var proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call);
      for (var name : NAMES) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("expected a JDK with sun.misc.Signal, but it has none", e);
    }
  }
}
