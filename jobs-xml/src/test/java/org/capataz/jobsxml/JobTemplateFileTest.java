package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.capataz.model.JobProperty;
import org.capataz.model.JobTemplate;
import org.capataz.model.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTemplateFileTest {

  private static Result<JobTemplateFile> read(String xml) {
    return JobTemplateFile.read(
        new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), "t.xml");
  }

  @Test
  void aFileOfHpcPackIsRead() {
    var file =
        read("""
        <?xml version="1.0" encoding="utf-8"?>
        <JobTemplate Name="Long Jobs" Description="Nights" CreateTime="2011-05-04T10:00:00"
            xmlns="http://schemas.microsoft.com/HPCS2008R2/scheduler/">
          <TemplateItem PropertyName="ExpandedPriority" Default="2000" MinVal="0" MaxVal="4000"/>
          <TemplateItem PropertyName="nodegroups" Default="ComputeNodes" ValueRange="ComputeNodes, Fast"
              RequiredValues="ComputeNodes"/>
          <TemplateItem PropertyName="IsExclusive" Default="False" ReadOnly="True"/>
          <TemplateItem PropertyName="RuntimeSeconds" Default="86400" ReadOnly="True"/>
          <TemplateItem PropertyName="Pool" Default="Default"/>
        </JobTemplate>
        """)
            .orElseThrow();

    assertThat(file.template())
        .isEqualTo(
            new JobTemplate(
                "Long Jobs",
                "Nights",
                List.of(),
                List.of(
                    JobTemplate.Item.of(JobProperty.EXPANDED_PRIORITY, "2000", "0", "4000"),
                    new JobTemplate.Item(
                        JobProperty.NODE_GROUPS,
                        "ComputeNodes",
                        "",
                        "",
                        List.of("ComputeNodes", "Fast"),
                        List.of("ComputeNodes")),
                    new JobTemplate.Item(
                        JobProperty.IS_EXCLUSIVE, "False", "", "", List.of("False"), List.of()),
                    JobTemplate.Item.of(JobProperty.RUNTIME_SECONDS, "86400", "86400", "86400"))));
    assertThat(file.warnings())
        .containsExactly("t.xml:9:3: TemplateItem 'Pool' is not supported: it has no effect");
  }

  @Test
  void whatIsWrittenIsReadBackAsItWas() {
    var template =
        new JobTemplate(
            "a <b> & \"c\"",
            "two\nlines",
            List.of("ada", "bob"),
            List.of(
                JobTemplate.Item.of(JobProperty.MAX_CORES, "4", "1", "16"),
                JobTemplate.Item.of(JobProperty.ORDER_BY, "-Memory,Cores"),
                new JobTemplate.Item(
                    JobProperty.SOFTWARE_LICENSE,
                    "matlab:1",
                    "",
                    "",
                    List.of("matlab:1", "ansys:1"),
                    List.of("matlab:1"))));

    var xml = new String(JobTemplateFile.write(template).orElseThrow(), StandardCharsets.UTF_8);

    assertThat(read(xml)).isEqualTo(Result.ok(new JobTemplateFile(template, List.of())));
  }

  @ParameterizedTest
  @CsvSource({
    "<Job/>, 't.xml:1:1: expected the element JobTemplate, but got Job'",
    "<JobTemplate Name='t' Name='u'/>,"
        + " 't.xml:1:33: expected each attribute once, but JobTemplate has Name twice'",
    "<JobTemplate/>, 't.xml:1:1: job template '''': expected a name without blanks around it'",
    "<JobTemplate Name='t'><Item/></JobTemplate>,"
        + " 't.xml:1:23: expected the element TemplateItem, but got Item'",
    "<JobTemplate Name='t'><TemplateItem PropertyName='Cores'/></JobTemplate>,"
        + " 't.xml:1:23: expected the PropertyName of a property of jobs, but got ''Cores'''",
    "<JobTemplate Name='t'><TemplateItem PropertyName='MaxCores' Default='9'"
        + " MaxVal='4'/></JobTemplate>,"
        + " 't.xml:1:1: job template ''t'': MaxCores: expected at most 4, but got ''9'''",
  })
  void aFileThatIsWrongIsRefusedByItsPlace(String xml, String message) {
    assertThat(read(xml.replace('\'', '"'))).isEqualTo(Result.invalid(message));
  }

  @Test
  void aFileThatIsNotThereIsARefusal() {
    assertThat(JobTemplateFile.read(Path.of("/nowhere/t.xml")))
        .isEqualTo(
            Result.invalid("/nowhere/t.xml: expected a readable job file, but there is none"));
  }
}
