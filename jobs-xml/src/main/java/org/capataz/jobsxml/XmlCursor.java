package org.capataz.jobsxml;

import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;

/// Walks from element to element of one file, and knows where each starts.
final class XmlCursor {

  /// What to do with a child element. The cursor stands on its start, and must be left on its end.
  interface Child {
    void read(String name) throws XMLStreamException;
  }

  /// @param namespace empty for none
  record Attribute(String namespace, String name, String value) {}

  private final XMLStreamReader xml;
  private final JobFileText source;
  private final String file;
  private final Warnings warnings;

  private Position here;

  XmlCursor(JobFileText source, String file, Warnings warnings) throws XMLStreamException {
    this.xml = XmlParser.open(source);
    this.source = source;
    this.file = file;
    this.warnings = warnings;
    this.here = new Position(file, 1, 1);
  }

  /// Where the element starts whose start was reached last.
  Position here() {
    return here;
  }

  /// The element's name, without a prefix.
  String name() {
    return xml.getLocalName();
  }

  /// The element's namespace, empty for none.
  String namespace() {
    var namespace = xml.getNamespaceURI();
    return namespace == null ? "" : namespace;
  }

  List<Attribute> attributes() {
    var attributes = new ArrayList<Attribute>(xml.getAttributeCount());
    for (var i = 0; i < xml.getAttributeCount(); i++) {
      var namespace = xml.getAttributeNamespace(i);
      attributes.add(
          new Attribute(
              namespace == null ? "" : namespace,
              xml.getAttributeLocalName(i),
              xml.getAttributeValue(i)));
    }
    return attributes;
  }

  /// The value of the element's attribute, its name in any case, or null if it has none.
  @Nullable String attribute(String wanted) {
    for (var attribute : attributes()) {
      if (attribute.name().equalsIgnoreCase(wanted)) {
        return attribute.value();
      }
    }
    return null;
  }

  /// Goes to the start of the root element.
  void enter() throws XMLStreamException {
    while (next() != XMLStreamConstants.START_ELEMENT) {
      // Comments and instructions before it.
    }
    here = source.root();
  }

  /// Goes to the end of the file.
  void leave() throws XMLStreamException {
    while (xml.hasNext()) {
      next();
    }
  }

  /// Has each child element read, up to the end of this one.
  void children(String parent, Child child) throws XMLStreamException {
    while (next() != XMLStreamConstants.END_ELEMENT) {
      if (xml.isStartElement()) {
        child.read(xml.getLocalName());
      } else if (xml.isCharacters() && !xml.isWhiteSpace()) {
        warnings.add(here, "text in " + parent + " has no effect");
      }
    }
  }

  /// The text of the element, up to its end; without the blanks around it, unless it says that they
  /// are meant.
  ///
  /// @throws Refusing if it has elements
  String text(String element) throws XMLStreamException {
    var meant = "preserve".equals(xml.getAttributeValue(XMLConstants.XML_NS_URI, "space"));
    var text = new StringBuilder();
    while (next() != XMLStreamConstants.END_ELEMENT) {
      if (xml.isStartElement()) {
        throw new Refusing(
            here,
            "expected text in "
                + element
                + ", but got the element "
                + Text.shown(xml.getLocalName()));
      }
      if (xml.hasText() && xml.getEventType() != XMLStreamConstants.COMMENT) {
        text.append(xml.getText());
      }
    }
    return meant ? text.toString() : text.toString().strip();
  }

  /// Goes to the end of the element.
  void skip() throws XMLStreamException {
    for (var depth = 1; depth > 0; ) {
      switch (next()) {
        case XMLStreamConstants.START_ELEMENT -> depth++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        default -> {}
      }
    }
  }

  private int next() throws XMLStreamException {
    // The parser tells where an event ends; an element starts where the event before it ended, and
    // of text the parser has taken the `<` that ended it.
    var before = xml.getLocation();
    var taken = xml.isCharacters() ? 1 : 0;
    var event = parsed();
    if (event == XMLStreamConstants.START_ELEMENT) {
      here = new Position(file, before.getLineNumber(), before.getColumnNumber() - taken);
    }
    return event;
  }

  /// The parser's next event. What it throws beside its contract is a fault of its own that a
  /// malformed file brings out, so it is the file that is refused.
  private int parsed() throws XMLStreamException {
    try {
      return xml.next();
    } catch (RuntimeException fault) {
      throw new XMLStreamException("the parser cannot read it", xml.getLocation(), fault);
    }
  }
}
