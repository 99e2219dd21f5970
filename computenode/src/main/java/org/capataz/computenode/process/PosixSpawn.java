package org.capataz.computenode.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.capataz.computenode.process.ProcessSpec.Stream;

/// `posix_spawn` of glibc, a third of the price of Java's own process builder. Every process gets a
/// session of its own, no descriptor but its standard streams, an empty signal mask and default
/// signal dispositions.
final class PosixSpawn {

  private static final FunctionDescriptor OF_ONE = FunctionDescriptor.of(JAVA_INT, ADDRESS);
  private static final FunctionDescriptor OF_TWO =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SPAWN =
      Linux.bind(
          "posix_spawn",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle ATTRIBUTES_INIT = Linux.bind("posix_spawnattr_init", OF_ONE);
  private static final MethodHandle SET_MASK = Linux.bind("posix_spawnattr_setsigmask", OF_TWO);
  private static final MethodHandle SET_DEFAULT =
      Linux.bind("posix_spawnattr_setsigdefault", OF_TWO);
  private static final MethodHandle SET_FLAGS =
      Linux.bind("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
  private static final MethodHandle ACTIONS_INIT =
      Linux.bind("posix_spawn_file_actions_init", OF_ONE);
  private static final MethodHandle ACTIONS_DESTROY =
      Linux.bind("posix_spawn_file_actions_destroy", OF_ONE);
  private static final MethodHandle ADD_CHDIR =
      Linux.bind("posix_spawn_file_actions_addchdir_np", OF_TWO);
  private static final MethodHandle ADD_DUP2 =
      Linux.bind(
          "posix_spawn_file_actions_adddup2",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle ADD_CLOSE_FROM =
      Linux.bind(
          "posix_spawn_file_actions_addclosefrom_np",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle ADD_OPEN =
      Linux.bind(
          "posix_spawn_file_actions_addopen",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;
  private static final int SIGNAL_SET_BYTES = 128;

  /// Room for glibc's opaque structures, which are of 336 and 80 bytes.
  private static final int ATTRIBUTES_BYTES = 512;

  private static final int ACTIONS_BYTES = 128;

  private static final int PUBLIC = 0666;
  private static final int PRIVATE = 0600;

  private final MemorySegment attributes = Arena.ofAuto().allocate(ATTRIBUTES_BYTES, 8);

  PosixSpawn() {
    try (var arena = Arena.ofConfined()) {
      var none = arena.allocate(SIGNAL_SET_BYTES, 8);
      var all = arena.allocate(SIGNAL_SET_BYTES, 8).fill((byte) 0xFF);
      expectDone((int) ATTRIBUTES_INIT.invokeExact(attributes));
      expectDone((int) SET_MASK.invokeExact(attributes, none));
      expectDone((int) SET_DEFAULT.invokeExact(attributes, all));
      expectDone(
          (int) SET_FLAGS.invokeExact(attributes, (short) (SETSIGDEF | SETSIGMASK | SETSID)));
    } catch (Throwable e) {
      throw new IllegalStateException("cannot set up posix_spawn", e);
    }
  }

  /// Starts a process; returns when it executes the program or has failed to.
  ///
  /// @param program a path
  /// @return its number, or the negative error number
  int spawn(String program, ProcessSpec spec) {
    try (var arena = Arena.ofConfined()) {
      var actions = arena.allocate(ACTIONS_BYTES, 8);
      expectDone((int) ACTIONS_INIT.invokeExact(actions));
      try {
        // In this order: the paths of streams are relative to the new directory.
        expectDone(
            (int) ADD_CHDIR.invokeExact(actions, arena.allocateFrom(spec.workingDirectory())));
        redirect(arena, actions, StandardStream.INPUT, spec);
        redirect(arena, actions, StandardStream.OUTPUT, spec);
        if (spec.streams().error().equals(spec.streams().out())) {
          expectDone((int) ADD_DUP2.invokeExact(actions, 1, 2));
        } else {
          redirect(arena, actions, StandardStream.ERROR, spec);
        }
        expectDone((int) ADD_CLOSE_FROM.invokeExact(actions, 3));
        var environment =
            spec.environment().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        var pid = arena.allocate(JAVA_INT);
        var errno =
            (int)
                SPAWN.invokeExact(
                    pid,
                    arena.allocateFrom(program),
                    actions,
                    attributes,
                    strings(arena, spec.arguments()),
                    strings(arena, environment));
        return errno == 0 ? pid.get(JAVA_INT, 0) : -errno;
      } finally {
        expectDone((int) ACTIONS_DESTROY.invokeExact(actions));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a downcall does not throw", e);
    }
  }

  private static void redirect(
      Arena arena, MemorySegment actions, StandardStream standard, ProcessSpec spec)
      throws Throwable {
    switch (standard.of(spec)) {
      case Stream.Descriptor(var from) ->
          expectDone((int) ADD_DUP2.invokeExact(actions, from, standard.descriptor()));
      case Stream.File(var path) ->
          open(actions, standard, arena.allocateFrom(path), Linux.O_TRUNC, PUBLIC);
      case Stream.PrivateFile(var path) ->
          open(actions, standard, arena.allocateFrom(path), Linux.O_TRUNC, PRIVATE);
      case Stream.SharedFile(var path) ->
          open(actions, standard, arena.allocateFrom(path), 0, PRIVATE);
    }
  }

  private static void open(
      MemorySegment actions,
      StandardStream standard,
      MemorySegment path,
      int outputFlags,
      int permissions)
      throws Throwable {
    var flags = standard.openFlags() | (standard == StandardStream.INPUT ? 0 : outputFlags);
    expectDone(
        (int) ADD_OPEN.invokeExact(actions, standard.descriptor(), path, flags, permissions));
  }

  /// An array of C strings, ended by a null pointer. The strings are in one piece of memory: an
  /// environment has dozens.
  private static MemorySegment strings(Arena arena, List<String> strings) {
    var bytes = new ByteArrayOutputStream(4096);
    var starts = new int[strings.size()];
    for (var i = 0; i < starts.length; i++) {
      starts[i] = bytes.size();
      bytes.writeBytes(strings.get(i).getBytes(StandardCharsets.UTF_8));
      bytes.write(0);
    }
    var text = arena.allocateFrom(JAVA_BYTE, bytes.toByteArray());
    var array = arena.allocate(ADDRESS, strings.size() + 1L);
    for (var i = 0; i < starts.length; i++) {
      array.setAtIndex(ADDRESS, i, text.asSlice(starts[i]));
    }
    return array;
  }

  private static void expectDone(int errno) {
    if (errno != 0) {
      throw new IllegalStateException("expected posix_spawn to take this, but " + errno);
    }
  }
}
