package org.capataz.scheduler.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.capataz.model.JobSpec;
import org.capataz.scheduler.engine.Engine;
import org.jspecify.annotations.NullMarked;

/// A mistake, planted in the real source: one piece of text for another. The mutated class runs
/// beside the real ones, in a class loader of its own.
///
/// @param mistake what is wrong with it
/// @param file the source, from the module's `src` folder
/// @param text what is there now, once
/// @param mutation what the mistake makes of it
record Mutant(String mistake, String file, String text, String mutation) {

  private static final String PACKAGE = "org.capataz.scheduler.";

  @Override
  public String toString() {
    return mistake;
  }

  /// Runs a seed with the mistake; the promise that was broken, or empty if all were kept.
  interface Run {
    String of(long seed);
  }

  Run compiled() {
    return compiled("simulation.Simulation");
  }

  /// @param runner the class that runs a seed
  Run compiled(String runner) {
    var loader = new Loader(compile());
    try {
      var run = loader.loadClass(PACKAGE + runner).getMethod("run", long.class);
      return seed -> {
        try {
          run.invoke(null, seed);
          return "";
        } catch (ReflectiveOperationException broken) {
          return Objects.requireNonNullElse(broken.getCause(), broken).toString();
        }
      };
    } catch (ReflectiveOperationException unexpected) {
      throw new LinkageError("cannot run the mutant", unexpected);
    }
  }

  private String source() {
    try {
      var source = Files.readString(Path.of("src").resolve(file));
      var first = source.indexOf(text);
      if (first < 0 || source.indexOf(text, first + 1) >= 0) {
        throw new AssertionError("expected once in " + file + ": " + text);
      }
      return source.replace(text, mutation);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, byte[]> compile() {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var classes = new HashMap<String, ByteArrayOutputStream>();
    var path =
        Stream.of(Engine.class, JobSpec.class, Mutant.class, NullMarked.class)
            .map(type -> Path.of(location(type)).toString())
            .collect(Collectors.joining(System.getProperty("path.separator")));
    try (var files = new InMemory(compiler.getStandardFileManager(null, null, null), classes)) {
      var task =
          compiler.getTask(
              null,
              files,
              null,
              List.of("--class-path", path, "-proc:none", "-nowarn"),
              null,
              List.of(new Source(file, source())));
      if (!task.call()) {
        throw new AssertionError("expected a mutant that compiles: " + mistake);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return classes.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toByteArray()));
  }

  private static URI location(Class<?> type) {
    return URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString());
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("mem:///" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /// Keeps what the compiler writes.
  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          var bytes = new ByteArrayOutputStream();
          classes.put(name, bytes);
          return bytes;
        }
      };
    }
  }

  /// Loads all of the scheduler anew, with the mutated classes in it.
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> mutated;

    Loader(Map<String, byte[]> mutated) {
      super(Mutant.class.getClassLoader());
      this.mutated = mutated;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        var loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return name.startsWith(PACKAGE) ? findClass(name) : super.loadClass(name, resolve);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      var bytes = mutated.getOrDefault(name, new byte[0]);
      if (bytes.length == 0) {
        try (var original = getResourceAsStream(name.replace('.', '/') + ".class")) {
          bytes = Objects.requireNonNull(original, name).readAllBytes();
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
