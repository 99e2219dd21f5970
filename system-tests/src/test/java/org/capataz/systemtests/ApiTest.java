package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The Java API is what programs were compiled against: the public types of the client, and all of
/// ours that these name.
///
/// `api.txt` holds it, and `-Dgolden=write` writes it anew. A line that a change adds is a promise;
/// one that it takes away breaks programs, and needs an entry in the changelog that says so.
/// Records are made by us alone and may get more components, so how they are made is no part of it.
final class ApiTest {

  private static final Path FILE = Path.of("src/test/resources/org/capataz/systemtests/api.txt");

  /// What the engine makes of a job.
  private static final String ENGINE = "org.capataz.model.JobSpec";

  private static final Pattern OURS = Pattern.compile("org\\.capataz\\.[\\w.$]+");

  @Test
  void programsFindWhatTheyWereCompiledAgainst() throws IOException {
    var api = api();
    if ("write".equals(System.getProperty("golden"))) {
      Files.write(FILE, api);
    }
    var recorded = Files.readAllLines(FILE);

    assertThat(api).as("taken away from programs that use it").containsAll(recorded);
    assertThat(recorded).as("promised now, to be recorded by -Dgolden=write").containsAll(api);
  }

  @Test
  void nothingOfItIsOfAnotherLibrary() throws IOException {
    assertThat(Files.readAllLines(FILE))
        .noneMatch(line -> line.contains("io.grpc") || line.contains("protobuf"))
        .noneMatch(line -> line.contains("org.capataz.proto"));
  }

  private static List<String> api() {
    var types = new TreeMap<String, List<String>>();
    var open = new ArrayDeque<>(entrances());
    while (!open.isEmpty()) {
      var name = open.pop();
      if (!types.containsKey(name)) {
        var lines = lines(type(name));
        types.put(name, lines);
        lines.stream()
            .flatMap(line -> OURS.matcher(line).results())
            .map(match -> owner(match.group()))
            .forEach(open::add);
        Arrays.stream(type(name).getDeclaredClasses())
            .filter(member -> Modifier.isPublic(member.getModifiers()))
            .map(Class::getName)
            .forEach(open::add);
      }
    }
    return types.values().stream().flatMap(List::stream).toList();
  }

  private static List<String> entrances() {
    return new ClassFileImporter()
        .importPackages("org.capataz.client", "org.capataz.jobsxml").stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(
                type ->
                    !type.getSource().orElseThrow().getUri().toString().contains("test-classes"))
            .map(JavaClass::getName)
            .toList();
  }

  /// The type that a name in a signature belongs to: itself, or that of which it is a member.
  private static String owner(String name) {
    try {
      Class.forName(name, false, ApiTest.class.getClassLoader());
      return name;
    } catch (ClassNotFoundException member) {
      return owner(name.substring(0, name.lastIndexOf('.')));
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name, false, ApiTest.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new AssertionError(missing);
    }
  }

  private static List<String> lines(Class<?> type) {
    var members = new TreeSet<String>();
    Stream.<Member>of(type.getDeclaredFields()).forEach(field -> add(members, field));
    Stream.<Member>of(type.getDeclaredMethods()).forEach(method -> add(members, method));
    if (!type.isRecord()) {
      Stream.<Member>of(type.getDeclaredConstructors()).forEach(made -> add(members, made));
    }
    members.removeIf(member -> member.contains(ENGINE));
    var lines = new ArrayList<String>();
    lines.add(type.toGenericString() + ancestors(type));
    members.forEach(member -> lines.add("  " + member));
    return lines;
  }

  private static String ancestors(Class<?> type) {
    var ancestors =
        Stream.concat(
                Stream.ofNullable(type.getGenericSuperclass()),
                Arrays.stream(type.getGenericInterfaces()))
            .map(Type::getTypeName)
            .filter(name -> !name.equals("java.lang.Object"))
            .toList();
    return ancestors.isEmpty() ? "" : " < " + String.join(", ", ancestors);
  }

  private static void add(Set<String> members, Member member) {
    if ((member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
        && !member.isSynthetic()) {
      members.add(
          switch (member) {
            case Field field -> field.toGenericString();
            case Constructor<?> made -> made.toGenericString();
            case Method method -> method.toGenericString();
            default -> throw new AssertionError(member);
          });
    }
  }
}
