package org.capataz.computenode.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.capataz.computenode.process.ProcessSpec.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {

  private static final String PATH = "/usr/bin:/bin";

  @TempDir Path directory;

  private final Children<String> children = new Children<>();

  @Test
  void anExitCodeIsTold() throws InterruptedException {
    start("exit 77");

    assertThat(end().status()).isEqualTo(new ExitStatus.Code(77));
  }

  @Test
  void aSignalIsTold() throws InterruptedException {
    start("kill -USR1 $$");

    assertThat(end().status()).isEqualTo(new ExitStatus.Killed(10));
  }

  @Test
  void whatAProcessAndItsChildrenHaveUsedIsTold() throws InterruptedException {
    start("dd if=/dev/zero of=/dev/null bs=600M count=1 2>/dev/null; true");

    var usage = end().usage();

    assertThat(usage.userMicros() + usage.systemMicros()).isPositive();
    assertThat(usage.maxRssKib()).isBetween(600L * 1024, 610L * 1024);
  }

  @Test
  void ourOwnMemoryIsNotTakenForThatOfAProcess() throws InterruptedException {
    start("true");

    assertThat(end().usage().maxRssKib()).isZero();
  }

  @Test
  void anEndIsToldAgainUntilItIsReaped() throws InterruptedException {
    start("exit 3");

    var first = children.await();
    assertThat(children.await()).isEqualTo(first);
    assertThat(end()).isEqualTo(first);

    start("exit 4");
    assertThat(end().status()).isEqualTo(new ExitStatus.Code(4));
  }

  @Test
  void anEndIsNeverToldBeforeItsStart() throws InterruptedException {
    var announced = ConcurrentHashMap.<Integer>newKeySet();
    var spawner =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (var i = 0; i < 300; i++) {
                    children.start(
                        spec("/bin/true"), "true", process -> announced.add(process.pid()));
                  }
                });

    for (var i = 0; i < 300; i++) {
      var zombie = end();
      assertThat(announced).contains(zombie.pid());
      assertThat(zombie.owner()).isEqualTo("true");
    }
    spawner.join();
  }

  @Test
  void aProcessLeadsItsOwnSessionAndInheritsNothing() throws Exception {
    try (var open = Files.newInputStream(Path.of("/dev/zero"))) {
      assertThat(open.read()).isZero();
      start(
          """
          cut -d ' ' -f 1,6 /proc/$$/stat
          # Without a child: a shell blocks signals for a moment when it starts one.
          while read -r line; do
            case $line in SigBlk* | SigIgn*) echo "$line" ;; esac
          done </proc/$$/status
          cd /proc/$$/fd; echo *; cd - >/dev/null
          pwd
          env
          """);
      var pid = end().pid();

      assertThat(output().lines().filter(line -> !line.startsWith("_=")))
          .containsExactlyInAnyOrder(
              pid + " " + pid,
              "SigBlk:\t0000000000000000",
              "SigIgn:\t0000000000000000",
              // The last is the directory that the shell lists.
              "0 1 2 3",
              directory.toString(),
              "PATH=" + PATH,
              "PWD=" + directory,
              "OLDPWD=/proc/" + pid + "/fd",
              "GREETING=hello");
    }
  }

  @Test
  void theProgramIsSearchedInThePathOfTheProcess() throws Exception {
    script("mine", "#!/bin/sh\necho found\n");
    var spec =
        new ProcessSpec(
            List.of("mine"), Map.of("PATH", "/nowhere:."), directory.toString(), streams());

    assertThat(children.start(spec, "", _ -> {})).isNull();
    end();

    assertThat(output()).isEqualTo("found\n");
  }

  @Test
  void outputReplacesAFileAndBothStreamsMayShareIt() throws Exception {
    Files.writeString(directory.resolve("out"), "old");
    var shared = new Stream.File("out");
    var spec =
        new ProcessSpec(
            List.of("/bin/sh", "-c", "echo 1; echo 2 >&2; echo 3"),
            Map.of(),
            directory.toString(),
            new ProcessSpec.Streams(new Stream.File("/dev/null"), shared, shared));

    assertThat(children.start(spec, "", _ -> {})).isNull();
    end();

    assertThat(output()).isEqualTo("1\n2\n3\n");
  }

  @Test
  void killAllEndsDescendantsInSessionsOfTheirOwn() throws Exception {
    Processes.adoptOrphans();
    start("setsid sh -c 'setsid sleep 1000 & sleep 1000' & echo ready >ready; sleep 1000");
    var reaped = new HashSet<@Nullable String>();
    var reaper =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (var z = children.await(); z != null; z = children.await()) {
                      reaped.add(z.owner());
                      children.reap(z);
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    assertThat(children.killAll(Duration.ofSeconds(60))).isTrue();
    children.close();
    reaper.join();

    assertThat(reaped).contains("sh");
    assertThat(Processes.children()).isEmpty();
  }

  @Test
  void withoutAnyChildTheReaperIsToldToGo() throws InterruptedException {
    children.close();

    assertThat(children.await()).isNull();
  }

  private void start(String script) {
    assertThat(children.start(spec("/bin/sh", "-c", script), "sh", _ -> {})).isNull();
  }

  private Zombie<String> end() throws InterruptedException {
    var zombie = children.await();
    assertThat(zombie).isNotNull();
    children.reap(zombie);
    return zombie;
  }

  private ProcessSpec spec(String... arguments) {
    return new ProcessSpec(
        List.of(arguments),
        Map.of("PATH", PATH, "GREETING", "hello"),
        directory.toString(),
        streams());
  }

  private static ProcessSpec.Streams streams() {
    return new ProcessSpec.Streams(
        new Stream.File("/dev/null"), new Stream.File("out"), new Stream.Descriptor(2));
  }

  private String output() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  private void script(String name, String content) throws IOException {
    var file = directory.resolve(name);
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
