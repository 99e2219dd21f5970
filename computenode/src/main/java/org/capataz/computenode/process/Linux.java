package org.capataz.computenode.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/// The kernel's and the C library's doors. System calls go through one binding of `syscall`: each
/// binding costs some 7 ms of start-up, and `waitid` with resource usage has no C wrapper at all.
///
/// Structures are those of the 64-bit kernel ABI, which x86-64 and aarch64 share.
@SuppressWarnings("restricted")
final class Linux {

  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int E2BIG = 7;
  static final int ENOEXEC = 8;
  static final int ECHILD = 10;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENFILE = 23;
  static final int EMFILE = 24;

  static final int AT_FDCWD = -100;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0100;
  static final int O_TRUNC = 01000;
  static final int O_APPEND = 02000;
  static final int O_CLOEXEC = 02000000;

  /// System calls and their numbers on the two architectures.
  enum Call {
    READ(0, 63),
    CLOSE(3, 57),
    RT_SIGACTION(13, 134),
    KILL(62, 129),
    SETSID(112, 157),
    PRCTL(157, 167),
    SCHED_SETAFFINITY(203, 122),
    SCHED_GETAFFINITY(204, 123),
    CLOCK_GETTIME(228, 113),
    WAITID(247, 95),
    OPENAT(257, 56),
    MKNODAT(259, 33),
    FACCESSAT(269, 48),
    FALLOCATE(285, 47),
    PIPE2(293, 59),
    STATX(332, 291);

    private final long number;

    Call(int x86, int aarch64) {
      number =
          switch (System.getProperty("os.arch")) {
            case "amd64" -> x86;
            case "aarch64" -> aarch64;
            default ->
                throw new UnsupportedOperationException(
                    "expected an x86-64 or aarch64 machine, but this is "
                        + System.getProperty("os.arch"));
          };
    }
  }

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(StructLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SYSCALL =
      bind(
          "syscall",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle STRERRORDESC =
      bind("strerrordesc_np", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private Linux() {}

  static MethodHandle bind(String function, FunctionDescriptor type, Linker.Option... options) {
    var address =
        LINKER
            .defaultLookup()
            .find(function)
            .orElseThrow(
                () ->
                    new UnsupportedOperationException(
                        "expected the C library to be glibc 2.34 or newer, but it has no "
                            + function));
    return LINKER.downcallHandle(address, type, options);
  }

  /// A system call with up to five arguments, pointers as addresses.
  ///
  /// @return its result, or the negative error number
  static long call(Call call, long... arguments) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      var result =
          (long)
              SYSCALL.invokeExact(
                  state,
                  call.number,
                  argument(arguments, 0),
                  argument(arguments, 1),
                  argument(arguments, 2),
                  argument(arguments, 3),
                  argument(arguments, 4));
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable e) {
      throw new AssertionError("a downcall does not throw", e);
    }
  }

  private static long argument(long[] arguments, int index) {
    return index < arguments.length ? arguments[index] : 0;
  }

  /// What an error number means, in the words of the C library, starting in lower case.
  static String describe(int errno) {
    try {
      var text = (MemorySegment) STRERRORDESC.invokeExact(errno);
      if (text.address() == 0) {
        return "error " + errno;
      }
      var words = text.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.US_ASCII);
      return Character.toLowerCase(words.charAt(0)) + words.substring(1);
    } catch (Throwable e) {
      throw new AssertionError("a downcall does not throw", e);
    }
  }

  /// Whether this process may use a path so. Nothing but the kernel's answer: paths are UTF-8 here,
  /// whatever the locale that Java was started in.
  static boolean mayAccess(String path, int mode) {
    try (var arena = Arena.ofConfined()) {
      return call(Call.FACCESSAT, AT_FDCWD, arena.allocateFrom(path).address(), mode) == 0;
    }
  }

  /// Opens a path and closes it again.
  ///
  /// @return 0, or why it cannot be opened so
  static int openError(String path, int flags) {
    try (var arena = Arena.ofConfined()) {
      var fd =
          call(Call.OPENAT, AT_FDCWD, arena.allocateFrom(path).address(), flags | O_CLOEXEC, 0666);
      if (fd >= 0) {
        call(Call.CLOSE, fd);
      }
      return fd >= 0 ? 0 : (int) -fd;
    }
  }

  /// All of a file of `/proc`, its bytes as ISO 8859-1; empty if it cannot be read. Three system
  /// calls, where Java's own readers take some three times as long.
  static String readProc(String path) {
    try (var arena = Arena.ofConfined()) {
      var fd = call(Call.OPENAT, AT_FDCWD, arena.allocateFrom(path).address(), O_CLOEXEC);
      var content = new StringBuilder();
      var buffer = arena.allocate(4096);
      long length;
      while ((length = call(Call.READ, fd, buffer.address(), buffer.byteSize())) > 0) {
        content.append(
            new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1));
      }
      call(Call.CLOSE, fd);
      return content.toString();
    }
  }
}
