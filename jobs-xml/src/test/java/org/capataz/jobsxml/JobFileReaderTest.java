package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Result;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobFileReaderTest {

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void theNamespaceDecidesTheDialect(Dialect dialect) {
    var xml = "<Job xmlns='" + dialect.namespace() + "' Name='a'/>";

    assertThat(accepted(xml).draft())
        .isEqualTo(
            new JobDraft(dialect, Map.of(JobProperty.NAME, "a"), Map.of(), Map.of(), List.of()));
  }

  @Test
  void anUnknownNamespaceIsReadAsHpcPackWithAWarning() {
    var file = accepted("<Job xmlns='http://schemas.microsoft.com/HPCS2008R2/scheduler'/>");

    assertThat(file.draft().dialect()).isEqualTo(Dialect.HPC2008R2);
    assertThat(file.warnings())
        .containsExactly(
            "a.xml:1:1: the namespace 'http://schemas.microsoft.com/HPCS2008R2/scheduler' is"
                + " unknown; the file is read as one of"
                + " http://schemas.microsoft.com/HPCS2008R2/scheduler/");
  }

  @Test
  void elementsOfAnyPrefixCountByTheirLocalNames() {
    assertThat(
            onlyTask("<h:Job xmlns:h='urn:x'><Tasks><h:Task CommandLine='ls'/></Tasks></h:Job>")
                .properties())
        .isEqualTo(Map.of(TaskProperty.COMMAND_LINE, "ls"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MinCores", "mincores", "MINIMUMNUMBEROFPROCESSORS"})
  void attributesAreFoundByBothTheirNamesInAnyCase(String name) {
    var task = "<Job " + name + "='2'><Tasks><Task " + name + "='1'/></Tasks></Job>";

    assertThat(accepted(task).draft().properties()).isEqualTo(Map.of(JobProperty.MIN_CORES, "2"));
    assertThat(onlyTask(task).properties()).isEqualTo(Map.of(TaskProperty.MIN_CORES, "1"));
  }

  @ParameterizedTest
  @CsvSource({"30,1800", "1:30,5400", "2:0:1,172860", "0:0:1,60", "' 5 ',300"})
  void runTimesOfTheOriginalBecomeSeconds(String runtime, String seconds) {
    assertThat(onlyTask(task("Runtime='" + runtime + "'")).properties())
        .isEqualTo(Map.of(TaskProperty.RUNTIME_SECONDS, seconds));
    assertThat(accepted("<Job Runtime='" + runtime + "'/>").draft().properties())
        .isEqualTo(Map.of(JobProperty.RUNTIME_SECONDS, seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Infinite", "infinite"})
  void anInfiniteRunTimeIsNoLimit(String runtime) {
    assertThat(onlyTask(task("Runtime='" + runtime + "'")).properties()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Variable><Name> A </Name><Value>\n b c\n</Value></Variable>",
        "<Variable><Value><![CDATA[b c]]></Value><Name>A</Name></Variable>",
        "<Variable Name='A' Value='b c'/>",
        "<Variable name='A'><Value>b<!-- --> c</Value></Variable>",
        "<Variable><Name>A</Name><Value xml:space='preserve'>b c</Value></Variable>"
      })
  void variablesAreElementsOrAttributes(String variable) {
    var variables = "<EnvironmentVariables>" + variable + "</EnvironmentVariables>";

    assertThat(onlyTask("<Job><Tasks><Task>" + variables + "</Task></Tasks></Job>").environment())
        .isEqualTo(Map.of("A", "b c"));
    assertThat(accepted("<Job>" + variables + "</Job>").draft().environment())
        .isEqualTo(Map.of("A", "b c"));
  }

  @Test
  void anEmptyValueIsKeptBecauseItUnsetsTheVariable() {
    var file =
        accepted(
            "<Job><EnvironmentVariables><Variable><Name>A</Name><Value/></Variable>"
                + "</EnvironmentVariables></Job>");

    assertThat(file.draft().environment()).isEqualTo(Map.of("A", ""));
  }

  @Test
  void theLastOfTwoValuesOfAVariableHoldsWithAWarning() {
    var file =
        accepted(
            """
            <Job><EnvironmentVariables>
              <Variable Name='A' Value='1'/>
              <Variable Name='A' Value='2'/>
            </EnvironmentVariables></Job>\
            """);

    assertThat(file.draft().environment()).isEqualTo(Map.of("A", "2"));
    assertThat(file.warnings())
        .containsExactly("a.xml:3:3: variable 'A' is set twice; this one holds");
  }

  @Test
  void aSweepWithoutItsTypeIsWarnedOfInFilesOfOurs() {
    var tasks =
        "<Tasks><Task EndValue='9' CommandLine='a *'/><Task EndValue='9' CommandLine='a'/>"
            + "<Task EndValue='9' CommandLine='a *' Type='ParametricSweep'/></Tasks></Job>";

    assertThat(accepted("<Job>" + tasks).warnings())
        .containsExactly("a.xml:1:13: EndValue has no effect without Type=\"ParametricSweep\"");
    assertThat(accepted("<Job xmlns='" + Dialect.HPC2008R2.namespace() + "'>" + tasks).warnings())
        .isEmpty();
  }

  @Test
  void aSweepOverParametersIsReadInItsOrder() {
    var xml =
        """
        <Job><Tasks><Task><SweepValues>
          <Table><Row site="Oslo" lat="59.9"/><Row lat=" 60.4" site="Bergen"/></Table>
          <Parameter Name="seed" List="1-10,15"/>
        </SweepValues></Task></Tasks></Job>\
        """;

    assertThat(onlyTask(xml).axes())
        .containsExactly(
            new SweepAxis.Rows(List.of("site", "lat"), List.of("Oslo", "59.9", "Bergen", " 60.4")),
            new SweepAxis.Listed("seed", "1-10,15"));
  }

  @Test
  void aSweepOverValuesKeepsTheirOrderAndMeantBlanks() {
    var xml =
        """
        <Job><Tasks><Task><SweepValues>
          <Value> b </Value><Value>a</Value><Value xml:space="preserve"> c</Value><Value/>
        </SweepValues></Task></Tasks></Job>\
        """;

    assertThat(onlyTask(xml).axes())
        .containsExactly(new SweepAxis.Lines(List.of("b", "a", " c", "")));
  }

  @Test
  void startAndEndAloneMakeNoSweep() {
    var file = accepted(task("CommandLine='ls' StartValue='0' EndValue='0' IncrementValue='1'"));

    assertThat(file.resolve().orElseThrow().task(1).isSweep()).isFalse();
  }

  @Test
  void whatAnExportTellsOfTheJobsPastIsIgnored() {
    var file =
        accepted(
            "<Job Version='3.000' Id='7' State='Running' SubmitTime='5/10/2017 2:12:13 PM'>"
                + "<Tasks><Task Id='3' NiceId='1' ExitCode='0' State='Finished'/></Tasks></Job>");

    assertThat(file.warnings()).isEmpty();
    assertThat(file.draft()).isEqualTo(JobDraft.EMPTY.plus(TaskDraft.EMPTY));
  }

  @Test
  void whatHasNoEffectIsKeptAndReportedOnceWithItsPlace() {
    var file =
        accepted(
            """
            <Job Colour='red' Pool='big'>
              <Terms><Term><Name>a</Name></Term></Terms>
              <Tasks>
                stray
                <Task CommandLine='a' Shape='round' Size='1'/>
                <Task CommandLine='b' Shape='flat'/>
              </Tasks>
            </Job>
            """);

    assertThat(file.warnings())
        .containsExactly(
            "a.xml:1:1: Job attribute 'Colour' is unknown: it has no effect",
            "a.xml:1:1: Job attribute 'Pool' is not supported yet: it has no effect",
            "a.xml:2:3: element 'Terms' in Job has no effect",
            "a.xml:3:3: text in Tasks has no effect",
            "a.xml:5:5: Task attribute 'Shape' is unknown: it has no effect",
            "a.xml:5:5: Task attribute 'Size' is unknown: it has no effect");
    assertThat(file.draft().unknown()).isEqualTo(Map.of("Colour", "red", "Pool", "big"));
    assertThat(file.draft().tasks().getFirst().unknown())
        .isEqualTo(Map.of("Shape", "round", "Size", "1"));
  }

  @Test
  void extendedTermsAreTheCustomPropertiesOfJobsAndTasksUnderEitherName() {
    var file =
        accepted(
            """
            <Job>
              <CustomProperties><Term><Name>a</Name><Value>1</Value></Term></CustomProperties>
              <ExtendedTerms><Term><Name>b</Name><Value> two </Value></Term></ExtendedTerms>
              <Tasks>
                <Task CommandLine='x'><ExtendedTerms><Term Name='c' Value='3'/></ExtendedTerms></Task>
              </Tasks>
            </Job>
            """);

    assertThat(file.warnings()).isEmpty();
    assertThat(file.draft().customProperties()).isEqualTo(Map.of("a", "1", "b", "two"));
    assertThat(file.draft().tasks().getFirst().customProperties()).isEqualTo(Map.of("c", "3"));
  }

  @Test
  void settingsThatAskForNothingElseAreKeptWithoutAWarning() {
    var file = accepted("<Job NotifyOnStart='False' EmailAddress='' Pool='Default' Name='a'/>");

    assertThat(file.warnings()).isEmpty();
    assertThat(file.draft().unknown())
        .isEqualTo(Map.of("NotifyOnStart", "False", "EmailAddress", "", "Pool", "Default"));
  }

  @Test
  void schemaLocationsAreNoAttributesOfTheJob() {
    var file =
        accepted(
            "<Job xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:y='urn:y'"
                + " xsi:noNamespaceSchemaLocation='a.xsd' y:Name='b'/>");

    assertThat(file.draft()).isEqualTo(JobDraft.EMPTY);
    assertThat(file.warnings())
        .containsExactly("a.xml:1:1: attribute 'Name' is of a foreign namespace: it has no effect");
  }

  @Test
  void warningsAreBounded() {
    var xml = new StringBuilder("<Job>");
    for (var i = 0; i < 1000; i++) {
      xml.append("<X").append(i).append("/>");
    }

    assertThat(accepted(xml + "</Job>").warnings())
        .hasSize(101)
        .last()
        .asString()
        .endsWith("more has no effect that is not listed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <Job Priority='Urgent'/>                 | a.xml:1:1: Priority: expected a priority from
          <Job>\\n  <Tasks>\\n    <Task Runtime='x'/> | a.xml:3:5: Runtime: expected Infinite or [[days:]hours:]minutes, but got 'x'
          <Job><Tasks><Task\\n MinCores='1.5'/>      | a.xml:1:13: MinCores: expected a whole number, but got '1.5'
          <Job FailOnTaskFailure='maybe'/>          | a.xml:1:1: FailOnTaskFailure: expected true or false, but got 'maybe'
          <Job UnitType='Rack'/>                    | a.xml:1:1: UnitType: expected the unit Core, Socket, Node or Gpu, but got 'Rack'
          <Job><Tasks><Task Type='Prep'/>           | a.xml:1:13: Type: expected the task type Basic, ParametricSweep, NodePrep, NodeRelease or Service, but got 'Prep'
          <Job Name='a' name='b'/>                  | a.xml:1:1: expected Name once, but it is set again as name
          <Job minimumNumberOfProcessors='1' MinCores='1'/> | a.xml:1:1: expected MinCores once, but it is set again
          <Project/>                                | a.xml:1:1: expected the element Job, but got Project
          <job/>                                    | a.xml:1:1: expected the element Job, but got job
          <Job><Task CommandLine='ls'/></Job>       | a.xml:1:6: expected Task inside of Tasks, but got it before
          <Job><tasks/></Job>                       | a.xml:1:6: expected one of the elements CustomProperties, ExtendedTerms, EnvironmentVariables, Dependencies, Tasks in Job, but got tasks; upper and lower case matter
          <Job><Tasks><task/></Tasks></Job>         | a.xml:1:13: expected one of the elements Task in Tasks, but got task; upper and lower case matter
          <Job><Tasks><Task><SweepValues/>          | a.xml:1:19: expected in SweepValues either elements Value, or Parameter and Table, but there is none
          <Job><Tasks><Task><SweepValues><Value/><Table><Row a='1'/></Table></SweepValues> | a.xml:1:19: expected in SweepValues either elements Value, or Parameter and Table, but there are both
          <Job><Tasks><Task><SweepValues><Parameter Name='a'/> | a.xml:1:32: expected a Parameter with Name and List, but List is missing
          <Job><Tasks><Task><SweepValues><Table/> | a.xml:1:32: expected at least one Row in Table, but there is none
          <Job><Tasks><Task><SweepValues><Table><Row/> | a.xml:1:39: expected a Row with the attributes , but it has
          <Job><Tasks><Task><SweepValues><Table><Row a='1'/><Row b='1'/> | a.xml:1:51: expected a Row with the attributes a, but it has b
          <Job><Tasks><Task><SweepValues><X/>       | a.xml:1:32: expected the element Value, Parameter or Table, but got X
          <Job><EnvironmentVariables><Variable Name='A'/></EnvironmentVariables></Job> | a.xml:1:28: expected a Variable with Name and Value, but Value is missing
          <Job><EnvironmentVariables><Variable Value='A'/></EnvironmentVariables></Job> | a.xml:1:28: expected a Variable with Name and Value, but Name is missing
          <Job><EnvironmentVariables><Variable><Name><b/></Name>| a.xml:1:44: expected text in Name, but got the element b
          <Job><Dependencies><Parent GroupId='x'/>  | a.xml:1:20: expected a whole number as GroupId, but got 'x'
          <Job><Dependencies><Parent GroupId='1'><Child/> | a.xml:1:40: expected a whole number as GroupId, but got none
          """)
  void whatIsWrongIsRefusedWithItsPlace(String xml, String message) {
    assertThat(refused(xml.replace("\\n", "\n"))).startsWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n\n  <Job\n Priority='x'/>",
        "<?xml version='1.0'?>\n<!-- a <Job> -->\n  <Job Priority='x'/>",
        "<?xml version='1.0'?>\r\n<!-- a -->\r\n  <Job Priority='x'/>"
      })
  void thePlaceOfTheJobIsWhereItsElementStarts(String xml) {
    for (var charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      var withMark = xml.startsWith("\n") ? xml : "\uFEFF" + xml;
      if (charset.equals(StandardCharsets.UTF_8) || withMark.startsWith("\uFEFF")) {
        assertThat(refused(withMark.getBytes(charset))).startsWith("a.xml:3:3: Priority");
      }
    }
  }

  @Test
  void refusalsOfTheJobNameThePlaceOfTheTask() {
    var file =
        accepted(
            """
            <Job>
              <Tasks>
                <Task Name="a" CommandLine="ls"/>
                <!-- the culprit -->
                <Task Name="b" CommandLine="ls" DependsOn="c"/>
              </Tasks>
            </Job>
            """);

    assertThat(message(file.resolve()))
        .isEqualTo(
            "a.xml:5:5: task 2 (b): expected DependsOn to name tasks of this job, but there is no"
                + " task 'c'");
  }

  @Test
  void refusalsOfTheWholeJobNameItsPlace() {
    var file = accepted("\n<Job MinCores='2' MaxCores='1'/>");

    assertThat(message(file.resolve()))
        .isEqualTo("a.xml:2:1: expected MinCores of at most MaxCores, but got 2 and 1");
  }

  @Test
  void placesHoldInLongFiles() {
    var xml = new StringBuilder("<Job>\n<Tasks>");
    for (var i = 0; i < 20_000; i++) {
      xml.append(i % 3 == 0 ? "\n" : "").append(" ".repeat(i % 7)).append("<Task Name='ü'/>");
    }
    var lines = (xml + "</Tasks></Job>").lines().toList();

    var places = accepted(String.join("\n", lines)).places();

    assertThat(places).hasSize(20_001);
    for (var place : places) {
      var at = lines.get(place.line() - 1).substring(place.column() - 1);
      assertThat(at).startsWith(place.equals(places.getFirst()) ? "<Job" : "<Task");
    }
    assertThat(places).doesNotHaveDuplicates();
  }

  @Test
  void aFileThatIsNotThereIsRefused(@TempDir Path folder) {
    var missing = folder.resolve("a.xml");

    assertThat(message(JobFile.read(missing)))
        .isEqualTo(missing + ": expected a readable job file, but there is none");
    assertThat(message(JobFile.read(folder)))
        .startsWith(folder + ": expected a readable job file, but reading failed");
  }

  private static TaskDraft onlyTask(String xml) {
    var file = accepted(xml);
    assertThat(file.draft().tasks()).hasSize(1);
    return file.draft().tasks().getFirst();
  }

  private static String task(String attributes) {
    return "<Job><Tasks><Task " + attributes + "/></Tasks></Job>";
  }

  static JobFile accepted(String xml) {
    return read(xml.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  static String refused(String xml) {
    return refused(xml.getBytes(StandardCharsets.UTF_8));
  }

  static String refused(byte[] xml) {
    return message(read(xml));
  }

  static Result<JobFile> read(byte[] xml) {
    return JobFile.read(new ByteArrayInputStream(xml), "a.xml");
  }

  static String message(Result<?> result) {
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused<?>) result).refusal().message();
  }

  @Test
  void theGroupOfATaskForNodesIsLeftAside() {
    var file =
        accepted(
            """
            <Job>
              <Dependencies><Parent GroupId='1'><Child GroupId='2'/></Parent></Dependencies>
              <Tasks>
                <Task GroupId='2' Type='NodePrep' CommandLine='stage'/>
                <Task GroupId='1' CommandLine='first'/>
                <Task GroupId='2' CommandLine='second'/>
              </Tasks>
            </Job>
            """);

    assertThat(file.resolve().orElseThrow().tasks())
        .extracting(task -> task.waitsFor().size())
        .containsExactly(0, 0, 1);
  }
}
