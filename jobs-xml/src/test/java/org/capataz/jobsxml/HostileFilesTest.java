package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.jobsxml.JobFileReaderTest.message;
import static org.capataz.jobsxml.JobFileReaderTest.refused;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.capataz.model.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files made to do harm: each comes to one line.
class HostileFilesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE Job><Job/>",
        "<!DOCTYPE Job SYSTEM 'file:///etc/passwd'><Job/>",
        "<!DOCTYPE Job PUBLIC 'a' 'http://localhost:1/a.dtd'><Job/>",
        "<!DOCTYPE Job [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Job Name='&x;'/>",
        "<!DOCTYPE Job [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]><Job/>",
        "<!DOCTYPE Job [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><Job Name='&b;'/>",
        "<!DOCTYPE Job [<!ATTLIST Job Name CDATA 'forced'>]><Job/>"
      })
  void aDocumentTypeIsRefusedWhateverItSays(String xml) {
    assertThat(refused(xml))
        .isEqualTo(
            "a.xml:1:10: expected a job file without a document type (<!DOCTYPE …>), but it has"
                + " one");
  }

  @Test
  void anEntityBombIsRefusedBeforeItGrows() {
    var bomb = new StringBuilder("<!DOCTYPE Job [<!ENTITY x0 'ha'>");
    for (var i = 1; i < 100; i++) {
      bomb.append("<!ENTITY x").append(i).append(" '&x").append(i - 1).append(";".repeat(1));
      bomb.append("&x").append(i - 1).append(";'>");
    }

    assertThat(refused(bomb + "]><Job Name='&x99;'/>"))
        .contains("without a document type")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\uFEFF",
        "ls -l",
        "{\"Name\": \"a\"}",
        "<",
        "<Job",
        "<Job Name='a",
        "<Job>",
        "<Job><Tasks><Task CommandLine='ls'/></Tasks>",
        "<Job/><Job/>",
        "<Job></Task>",
        "<Job Name=a/>",
        "<Job Name='a' Name='b'/>",
        "<Job Name='a<b'/>",
        "<Job Name='a\0b'/>",
        "<Job Name='&#0;'/>",
        "<Job Name='&#x110000;'/>",
        "<Job Name='&x;'/>",
        "<Job x:Name='a'/>",
        "<x:Job/>",
        "<Job><![CDATA[</Job>",
        "<Job>]]></Job>",
        "<Job><?xml version='1.0'?></Job>",
        "<?xml version='1.0' encoding='klingon'?><Job/>",
        "<?xml version='1.0' encoding='UTF-16'?><Job/>",
        "<?xml version='9.0'?><Job/>"
      })
  void whatIsNotWellFormedIsRefusedInOneLine(String xml) {
    assertThat(refused(xml)).startsWith("a.xml").contains("expected", ", but ").hasLineCount(1);
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    assertThat(refused("<Job Name='\u00fc'/>".getBytes(StandardCharsets.ISO_8859_1)))
        .isEqualTo(
            "a.xml: expected text in UTF-8 or as the file declares, but got bytes that are none");
    assertThat(refused("<Job/>".getBytes(StandardCharsets.UTF_16LE)))
        .startsWith("a.xml")
        .hasLineCount(1);
  }

  @Test
  void nestingIsBounded() {
    assertThat(refused("<Job>" + "<a>".repeat(100_000))).hasLineCount(1).contains("depth");
  }

  @Test
  void attributesOfOneElementAreBounded() {
    var xml = new StringBuilder("<Job");
    for (var i = 0; i < 100_000; i++) {
      xml.append(" a").append(i).append("=''");
    }

    assertThat(refused(xml + "/>")).hasLineCount(1).contains("attributes");
  }

  @Test
  void tasksAreBounded() {
    var xml = "<Job><Tasks>" + "<Task/>".repeat(Limits.TASKS + 1) + "</Tasks></Job>";

    assertThat(refused(xml)).contains("expected at most 100000 tasks");
  }

  @Test
  void groupsThatWouldExplodeAsNamesAreRefused() {
    var half = 20_000;
    var xml = new StringBuilder("<Job><Dependencies><Parent GroupId='1'><Child GroupId='2'/>");
    xml.append("</Parent></Dependencies><Tasks>");
    for (var i = 0; i < half; i++) {
      xml.append("<Task GroupId='1' Name='n").append(i).append("'/><Task GroupId='2'/>");
    }

    assertThat(refused(xml + "</Tasks></Job>")).contains("these groups depend on too many tasks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<Job>", "<Job Name='", "<!--", "<Job><Tasks>"})
  void anEndlessFileIsReadNoFurtherThanItsBound(String start) {
    var read = new AtomicLong();

    var result = JobFile.read(new Endless(start, read), "a.xml");

    assertThat(message(result))
        .isEqualTo(
            "a.xml: expected a job file of at most "
                + Limits.JOB_BYTES
                + " bytes, but it is larger");
    assertThat(read.get()).isBetween((long) Limits.JOB_BYTES, Limits.JOB_BYTES + 100_000L);
  }

  @Test
  void aFileWhoseReadingFailsIsRefused() {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the disk is gone");
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
          }
        };

    assertThat(message(JobFile.read(broken, "a.xml")))
        .isEqualTo("a.xml: expected a readable job file, but reading failed: the disk is gone");
  }

  @Test
  void aFileNameCannotBreakTheLine() {
    var name = "a\nb\u001b.xml";

    assertThat(message(JobFile.read(InputStream.nullInputStream(), name)))
        .startsWith("a?b?.xml:1:1: expected well-formed XML")
        .hasLineCount(1);
  }

  /// A start, and then blanks without end.
  private static final class Endless extends InputStream {
    private final byte[] start;
    private final AtomicLong read;

    Endless(String start, AtomicLong read) {
      this.start = start.getBytes(StandardCharsets.UTF_8);
      this.read = read;
    }

    @Override
    public int read() {
      var at = read.getAndIncrement();
      return at < start.length ? start[(int) at] : ' ';
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      for (var i = 0; i < length; i++) {
        buffer[offset + i] = (byte) read();
      }
      return length;
    }
  }
}
