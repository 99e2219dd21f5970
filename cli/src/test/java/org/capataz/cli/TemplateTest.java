package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.capataz.model.JobProperty;
import org.capataz.model.JobTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Job templates, and jobs that name them.
class TemplateTest {

  @TempDir Path folder;
  private final TestWorld world = new TestWorld();
  private final JobTemplate template =
      new JobTemplate(
          "night",
          "",
          List.of("ana"),
          List.of(JobTemplate.Item.of(JobProperty.RUNTIME_SECONDS, "600", "1", "3600")));

  @BeforeEach
  void workInTheFolder() {
    world.directory = folder;
  }

  @Test
  void whatIsExportedIsImportedAsItWas() {
    world.cluster.setTemplate(template);

    assertThat(world.run("template", "export", "night", "--file", "night.xml")).isZero();
    assertThat(world.run("template", "delete", "night")).isZero();
    assertThat(world.run("template", "import", "night.xml")).isZero();
    assertThat(world.run("template", "import", "night.xml", "--name", "other")).isZero();

    assertThat(world.cluster.template("night")).isEqualTo(template);
    assertThat(world.cluster.template("other").items()).isEqualTo(template.items());
    assertThat(world.out()).endsWith("Job template night is set\nJob template other is set\n");
  }

  @Test
  void aFileThatIsWrongIsRefusedBeforeAnybodyIsAsked() throws IOException {
    Files.writeString(
        folder.resolve("t.xml"), "<JobTemplate Name='t'><TemplateItem/></JobTemplate>");

    assertThat(world.run("template", "import", "t.xml")).isEqualTo(2);
    assertThat(world.err()).contains("t.xml:1:23: expected the PropertyName");
    assertThat(world.cluster.connections).isEmpty();
  }

  @Test
  void aTemplateThatIsNotThereIsNotFound() {
    assertThat(world.run("template", "view", "night")).isEqualTo(3);
    assertThat(world.err()).contains("there is no 'night'; capataz template list shows them");
  }

  @Test
  void aListIsOfTheJobsThatAreAskedFor() {
    world.run("job", "submit", "--template", "night", "--name", "night-1", "./model");
    world.run("job", "submit", "--project", "climate", "--name", "night-2", "./model");
    world.run("job", "submit", "--name", "day", "./model");

    assertThat(listed("--name", "night*")).isEqualTo("13\n12\n");
    assertThat(listed("--name", "night")).isEmpty();
    assertThat(listed("--project", "climate", "--user", "*")).isEqualTo("13\n");
    assertThat(listed("--template", "Night")).isEqualTo("12\n");
    assertThat(listed("--template", "default")).isEqualTo("14\n13\n");
  }

  private String listed(String... options) {
    var fresh = new TestWorld();
    fresh.cluster.jobs.putAll(world.cluster.jobs);
    var words = new ArrayList<>(List.of("job", "list", "-o", "id"));
    words.addAll(List.of(options));
    fresh.run(words.toArray(String[]::new));
    return fresh.out();
  }

  @Test
  void aJobNamesItsTemplate() {
    world.run("job", "submit", "--template", "night", "./model");
    assertThat(world.cluster.only().draft().get(JobProperty.JOB_TEMPLATE)).contains("night");
  }
}
