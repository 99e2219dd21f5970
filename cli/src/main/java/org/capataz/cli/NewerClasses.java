package org.capataz.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Rewrites the classes of a jar as a compiler for Java 8 would have written them. Those for Java 5
/// and before have no stack maps: Java checks them by another way, which is slow, and keeps none of
/// them in its caches.
public final class NewerClasses {

  private NewerClasses() {}

  /// Replaces jars, those that have older classes: at once, so that programs which have one open
  /// keep it.
  public static void main(String[] jars) throws IOException {
    for (var jar : jars) {
      rewrite(Path.of(jar));
    }
  }

  /// Rewrites one jar.
  ///
  /// @return whether there was something to rewrite
  static boolean rewrite(Path jar) throws IOException {
    var entries = read(jar);
    var newer = new ClassRewriter(entries);
    var rewritten = new LinkedHashMap<String, byte[]>();
    entries.forEach((name, bytes) -> rewritten.put(name, newer.rewritten(name, bytes)));
    if (newer.count == 0) {
      return false;
    }
    var temporary = Files.createTempFile(jar.toAbsolutePath().getParent(), ".newer", ".jar");
    try {
      write(temporary, rewritten);
      Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(jar));
      Files.move(temporary, jar, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    return true;
  }

  private static SequencedMap<String, byte[]> read(Path jar) throws IOException {
    var entries = new LinkedHashMap<String, byte[]>();
    try (var in = new ZipInputStream(Files.newInputStream(jar))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.isDirectory()) {
          entries.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    return entries;
  }

  private static void write(Path jar, Map<String, byte[]> entries) throws IOException {
    try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (var entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
  }

  private static final class ClassRewriter {

    private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;

    private static final ClassTransform TRANSFORM =
        ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
            .andThen(ClassTransform.dropping(ClassRewriter::isVersion))
            .andThen(
                ClassTransform.endHandler(
                    builder -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0)));

    private final ClassFile classFile;
    private int count;

    ClassRewriter(Map<String, byte[]> entries) {
      var own =
          ClassHierarchyResolver.ofResourceParsing(
              type -> {
                var descriptor = type.descriptorString();
                var bytes =
                    entries.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
                return bytes == null ? null : new ByteArrayInputStream(bytes);
              });
      classFile =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(
                  own.orElse(ClassHierarchyResolver.defaultResolver())));
    }

    private static boolean isVersion(ClassElement element) {
      return element instanceof ClassFileVersion;
    }

    byte[] rewritten(String name, byte[] bytes) {
      if (!name.endsWith(".class")) {
        return bytes;
      }
      ClassModel parsed = classFile.parse(bytes);
      if (parsed.majorVersion() >= FIRST_WITH_STACK_MAPS) {
        return bytes;
      }
      count++;
      return classFile.transformClass(parsed, TRANSFORM);
    }
  }
}
