package org.capataz.jobsxml;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.capataz.model.Limits;
import org.capataz.model.Refusal;

/// The JDK's XML parser, made safe for files from anywhere.
final class XmlParser {

  private static final int DEPTH = 32;
  private static final int ATTRIBUTES = 256;

  /// The code of the parser's refusal of any document type, before it reads on.
  private static final String DTD_DENIED = "JAXP00010008";

  private static final Pattern COMPLAINT =
      Pattern.compile("(?:ParseError at .*?\\RMessage: )?(?:JAXP\\d+: *)?(.*)", Pattern.DOTALL);

  /// How the parser says, by the key of a message, that an attribute is repeated.
  private static final Pattern TWICE = Pattern.compile("AttributeNotUnique\\?([^&]+)&(\\S+)");

  private XmlParser() {}

  /// A parser that expands, fetches and follows nothing, and stops at absurd files.
  static XMLStreamReader open(JobFileText text) throws XMLStreamException {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty("jdk.xml.dtd.support", "deny");
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setProperty("jdk.xml.maxElementDepth", DEPTH);
    factory.setProperty("jdk.xml.elementAttributeLimit", ATTRIBUTES);
    return factory.createXMLStreamReader(text);
  }

  /// What the parser complains about, in our words as far as possible.
  static Refusal refusal(XMLStreamException broken, String file) {
    for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException unreadable) {
        return refusal(unreadable, file);
      }
    }
    var location = broken.getLocation();
    var at =
        location == null
            ? file
            : new Position(file, location.getLineNumber(), location.getColumnNumber()).toString();
    return Refusal.invalid(at + ": " + complaint(String.valueOf(broken.getMessage())));
  }

  private static String complaint(String message) {
    if (message.contains(DTD_DENIED)) {
      return "expected a job file without a document type (<!DOCTYPE …>), but it has one";
    }
    if (message.contains("PrefixUnbound")) {
      return "expected declared namespace prefixes, but one is used that is not declared";
    }
    var twice = TWICE.matcher(message);
    if (twice.find()) {
      return "expected each attribute once, but "
          + twice.group(1)
          + " has "
          + twice.group(2)
          + " twice";
    }
    var match = COMPLAINT.matcher(message);
    return "expected well-formed XML, but "
        + (match.matches() ? match.group(1) : message).strip().replaceAll("\\s+", " ");
  }

  /// Why a file cannot be read to its end.
  static Refusal refusal(IOException broken, String file) {
    return Refusal.invalid(
        file
            + ": "
            + switch (broken) {
              case JobFileText.TooLarge tooLarge ->
                  "expected a job file of at most " + Limits.JOB_BYTES + " bytes, but it is larger";
              case CharacterCodingException noText ->
                  "expected text in UTF-8 or as the file declares, but got bytes that are none";
              case IOException failed ->
                  "expected a readable job file, but reading failed: " + failed.getMessage();
            });
  }
}
