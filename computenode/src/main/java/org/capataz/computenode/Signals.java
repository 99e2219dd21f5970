package org.capataz.computenode;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// Hands signals to a listener, each time that one comes. A shutdown hook would hear of the first
/// alone, and could not choose the exit code.
final class Signals {

  private Signals() {}

  /// @param listener called on a thread of its own
  /// @param names of the signals, as `TERM`; those that this process was started to ignore stay
  ///   ignored
  static void listen(Runnable listener, String... names) {
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
      for (var name : names) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("expected a JDK with sun.misc.Signal, but it has none", e);
    }
  }
}
