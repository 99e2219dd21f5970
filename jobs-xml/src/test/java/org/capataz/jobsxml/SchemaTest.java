package org.capataz.jobsxml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.capataz.model.JobProperty;
import org.capataz.model.Property;
import org.capataz.model.TaskProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// The schema of our form and the property catalogue say the same.
class SchemaTest {

  @Test
  void theSchemaHasThePropertiesOfTheCatalogue() throws Exception {
    assertThat(attributes("Job")).isEqualTo(catalogue(JobProperty.values()));
    assertThat(attributes("Task")).isEqualTo(catalogue(TaskProperty.values()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Jobs/>",
        "<Job Colour='red'/>",
        "<Job MinCores='few'/>",
        "<Job UnitType='Rack'/>",
        "<Job><Task/></Job>",
        "<Job><Tasks><Task Name='a'/></Tasks></Job>",
        "<Job><Tasks><Task CommandLine='a' Type='Servant'/></Tasks></Job>",
        "<Job><Tasks><Task CommandLine='a'><SweepValues/></Task></Tasks></Job>",
        "<Job><EnvironmentVariables><Variable/></EnvironmentVariables></Job>"
      })
  void theSchemaRejectsWhatTheReaderRefusesOrWarnsOf(String xml) {
    assertThatThrownBy(() -> validate(xml.getBytes(StandardCharsets.UTF_8)))
        .hasRootCauseInstanceOf(SAXException.class);
  }

  private static List<String> catalogue(Property[] properties) {
    var lines = new ArrayList<String>();
    for (var property : properties) {
      lines.add(
          property.modelName()
              + " "
              + property.type().name().toLowerCase(Locale.ROOT).replace('_', '-')
              + ": "
              + property.description());
    }
    return lines;
  }

  /// The attributes of an element as `NAME TYPE: DESCRIPTION`.
  private static List<String> attributes(String element) throws Exception {
    var factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setNamespaceAware(true);
    try (var in = JobFile.class.getResourceAsStream("capataz-job.xsd")) {
      assertThat(in).isNotNull();
      var types = factory.newDocumentBuilder().parse(in).getElementsByTagNameNS("*", "complexType");
      var lines = new ArrayList<String>();
      for (var i = 0; i < types.getLength(); i++) {
        var type = (Element) types.item(i);
        if (type.getAttribute("name").equals(element)) {
          var attributes = type.getElementsByTagNameNS("*", "attribute");
          for (var j = 0; j < attributes.getLength(); j++) {
            var attribute = (Element) attributes.item(j);
            lines.add(
                attribute.getAttribute("name")
                    + " "
                    + attribute.getAttribute("type")
                    + ": "
                    + attribute.getTextContent().strip().replaceAll("\\s+", " "));
          }
        }
      }
      return lines;
    }
  }

  static void validate(byte[] xml) {
    try {
      var schema =
          SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
              .newSchema(JobFile.class.getResource("capataz-job.xsd"));
      schema.newValidator().validate(new StreamSource(new ByteArrayInputStream(xml)));
    } catch (SAXException invalid) {
      throw new AssertionError(new String(xml, StandardCharsets.UTF_8), invalid);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
