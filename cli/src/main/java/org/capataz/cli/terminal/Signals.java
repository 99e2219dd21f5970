package org.capataz.cli.terminal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;

/// The signals of this process. The JDK has them in its module `jdk.unsupported` only, and warns of
/// every use where it compiles one; so its classes are looked up when needed.
final class Signals {

  private static final Map<String, Integer> HANDLED = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private Signals() {}

  /// Handles hang-up, interrupt and termination from now on, each time on a thread of its own. What
  /// this process was started to ignore stays ignored, as under `nohup` or, for interrupts, in the
  /// background of a script: the Java machine sees to that.
  ///
  /// @param handler gets the signal's number
  static void handle(IntConsumer handler) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var type = Class.forName("sun.misc.SignalHandler");
      var proxy =
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  handler.accept((int) signal.getMethod("getNumber").invoke(arguments[0]));
                }
                return null;
              });
      for (var name : HANDLED.keySet()) {
        signal
            .getMethod("handle", signal, type)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
    } catch (InvocationTargetException refused) {
      // The virtual machine keeps this signal to itself; then it ends the process as usual.
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
