package org.capataz.jobsxml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Limits;
import org.capataz.model.Property;
import org.capataz.model.Result;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;

/// Reads one job file from front to back. One use each.
///
/// Elements are matched by local name, so that any namespace or none will do, as in HPC Pack.
final class JobFileReader {

  /// What to do with a child element. The reader stands on its start, and must be left on its end.
  private interface Child {
    void read(String name) throws XMLStreamException;
  }

  private static final int WARNINGS = 100;
  private static final Pattern RUNTIME =
      Pattern.compile("(?:(?:(\\d{1,6}):)?(\\d{1,6}):)?(\\d{1,9})");

  private final XMLStreamReader xml;
  private final JobFileText text;
  private final String file;
  private final List<String> warnings = new ArrayList<>();
  private final Set<String> warnedOf = new HashSet<>();
  private final List<Position> places = new ArrayList<>();
  private final List<TaskDraft> tasks = new ArrayList<>();
  private final TaskGroups groups = new TaskGroups();

  /// Where the element starts on whose start the reader stands.
  private Position here;

  /// @param xml not yet read from
  /// @param text what it reads from
  JobFileReader(XMLStreamReader xml, JobFileText text, String file) {
    this.xml = xml;
    this.text = text;
    this.file = file;
    this.here = new Position(file, 1, 1);
  }

  /// Reads the file to its end.
  ///
  /// @throws Refusing if it is no job file
  JobFile read() throws XMLStreamException {
    while (next() != XMLStreamConstants.START_ELEMENT) {
      // Comments and instructions before the root.
    }
    here = text.root();
    if (!xml.getLocalName().equals("Job")) {
      throw refusing("expected the element Job, but got " + Text.shown(xml.getLocalName()));
    }
    var draft = job();
    while (xml.hasNext()) {
      next();
    }
    return new JobFile(draft, warnings, places);
  }

  // Elements.

  private JobDraft job() throws XMLStreamException {
    places.add(here);
    var dialect = dialect();
    var unknown = new LinkedHashMap<String, String>();
    var properties = properties("Job", Vocabulary.JOB, new EnumMap<>(JobProperty.class), unknown);
    var environment = new LinkedHashMap<String, String>();
    children(
        "Job",
        name -> {
          switch (name) {
            case "EnvironmentVariables" -> environment(environment);
            case "Dependencies" -> dependencies();
            case "Tasks" -> tasks();
            case "Task" -> throw refusing("expected Task inside of Tasks, but got it before");
            default -> unknown("Job", name, "EnvironmentVariables", "Dependencies", "Tasks");
          }
        });
    return new JobDraft(
        dialect, properties, environment, unknown, groups.asDependencies(tasks, places.getFirst()));
  }

  private Dialect dialect() {
    var namespace = xml.getNamespaceURI() == null ? "" : xml.getNamespaceURI();
    for (var dialect : Dialect.values()) {
      if (dialect.namespace().equals(namespace)) {
        return dialect;
      }
    }
    warn(
        "the namespace '"
            + Text.shown(namespace)
            + "' is unknown; the file is read as one of "
            + Dialect.HPC2008R2.namespace());
    return Dialect.HPC2008R2;
  }

  private void tasks() throws XMLStreamException {
    children(
        "Tasks",
        name -> {
          if (name.equals("Task")) {
            task();
          } else {
            unknown("Tasks", name, "Task");
          }
        });
  }

  private void task() throws XMLStreamException {
    if (tasks.size() == Limits.TASKS) {
      throw refusing(
          "expected at most "
              + Limits.TASKS
              + " tasks, but there are more; a sweep is one task with many instances");
    }
    places.add(here);
    groups.addTask(attribute("GroupId"));
    var unknown = new LinkedHashMap<String, String>();
    var properties =
        properties("Task", Vocabulary.TASK, new EnumMap<>(TaskProperty.class), unknown);
    var environment = new LinkedHashMap<String, String>();
    var sweepValues = new ArrayList<String>();
    children(
        "Task",
        name -> {
          switch (name) {
            case "EnvironmentVariables" -> environment(environment);
            case "SweepValues" -> sweepValues(sweepValues);
            default -> unknown("Task", name, "EnvironmentVariables", "SweepValues");
          }
        });
    tasks.add(new TaskDraft(properties, environment, unknown, sweepValues));
  }

  private void sweepValues(List<String> values) throws XMLStreamException {
    var at = here;
    children(
        "SweepValues",
        name -> {
          if (!name.equals("Value")) {
            throw refusing("expected the element Value, but got " + Text.shown(name));
          }
          values.add(text("Value"));
        });
    if (values.isEmpty()) {
      throw new Refusing(at, "expected at least one Value in SweepValues, but there is none");
    }
  }

  private void environment(Map<String, String> variables) throws XMLStreamException {
    children(
        "EnvironmentVariables",
        name -> {
          if (name.equals("Variable")) {
            variable(variables);
          } else {
            unknown("EnvironmentVariables", name, "Variable");
          }
        });
  }

  /// Reads a variable, whose name and value are elements, as in HPC Pack, or attributes.
  private void variable(Map<String, String> variables) throws XMLStreamException {
    var at = here;
    var parts = new @Nullable String[] {attribute("Name"), attribute("Value")};
    children(
        "Variable",
        child -> {
          switch (child) {
            case "Name" -> parts[0] = text(child);
            case "Value" -> parts[1] = text(child);
            default -> unknown("Variable", child, "Name", "Value");
          }
        });
    var name = parts[0];
    var value = parts[1];
    if (name == null || name.isEmpty() || value == null) {
      throw new Refusing(
          at,
          "expected a Variable with Name and Value, but "
              + (value == null ? "Value" : "Name")
              + " is missing");
    }
    if (variables.put(name, value) != null) {
      warn(
          "variable " + name,
          at,
          "variable '" + Text.shown(name) + "' is set twice; this one holds");
    }
  }

  private void dependencies() throws XMLStreamException {
    children(
        "Dependencies",
        name -> {
          if (!name.equals("Parent")) {
            unknown("Dependencies", name, "Parent");
            return;
          }
          var parent = groups.addGroup(attribute("GroupId"), here);
          children(
              "Parent",
              child -> {
                if (child.equals("Child")) {
                  groups.addChild(parent, attribute("GroupId"), here);
                  skip();
                } else {
                  unknown("Parent", child, "Child");
                }
              });
        });
  }

  /// Leaves out an element, with a warning, unless it is a known one misspelt: that would leave out
  /// what matters.
  private void unknown(String parent, String name, String... known) throws XMLStreamException {
    if (Arrays.stream(known).anyMatch(name::equalsIgnoreCase)) {
      throw refusing(
          "expected one of the elements "
              + String.join(", ", known)
              + " in "
              + parent
              + ", but got "
              + name
              + "; upper and lower case matter");
    }
    warn("element '" + Text.shown(name) + "' in " + parent + " has no effect");
    skip();
  }

  // Attributes.

  /// Reads the attributes of an element into properties; what sets none goes to `unknown`.
  private <P extends Enum<P> & Property> Map<P, String> properties(
      String element,
      Vocabulary<P> vocabulary,
      Map<P, String> properties,
      Map<String, String> unknown) {
    for (var i = 0; i < xml.getAttributeCount(); i++) {
      var name = xml.getAttributeLocalName(i);
      var value = xml.getAttributeValue(i);
      var property = vocabulary.property(name);
      if (isForeign(i)) {
        continue;
      }
      if (property != null) {
        var text =
            name.equalsIgnoreCase("Runtime") ? seconds(value) : checked(property, name, value);
        if (text != null && properties.put(property, text) != null) {
          throw refusing(
              "expected "
                  + property.modelName()
                  + " once, but it is set again"
                  + (name.equals(property.modelName()) ? "" : " as " + name));
        }
      } else if (!vocabulary.isFact(name)) {
        unknown.put(name, value);
        if (!vocabulary.isNeutral(name, value)) {
          warn(
              element
                  + " attribute '"
                  + Text.shown(name)
                  + (vocabulary.isUnsupported(name)
                      ? "' is not supported yet: it has no effect"
                      : "' is unknown: it has no effect"));
        }
      }
    }
    return properties;
  }

  /// Whether an attribute belongs to another vocabulary than job files.
  private boolean isForeign(int attribute) {
    var namespace = xml.getAttributeNamespace(attribute);
    if (namespace == null || namespace.isEmpty()) {
      return false;
    }
    if (!namespace.equals(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI)
        && !namespace.equals(XMLConstants.XML_NS_URI)) {
      warn(
          "attribute '"
              + Text.shown(xml.getAttributeLocalName(attribute))
              + "' is of a foreign namespace: it has no effect");
    }
    return true;
  }

  private String checked(Property property, String name, String value) {
    return switch (property.type().check(value)) {
      case Result.Ok<String>(var text) -> text;
      case Result.Refused<String>(var refusal) -> throw refusing(name + ": " + refusal.message());
    };
  }

  /// Reads the original's run time, `Infinite` or `[[days:]hours:]minutes`, as seconds; null for no
  /// limit.
  private @Nullable String seconds(String text) {
    if (text.strip().equalsIgnoreCase("Infinite")) {
      return null;
    }
    var match = RUNTIME.matcher(text.strip());
    if (!match.matches()) {
      throw refusing(
          "Runtime: expected Infinite or [[days:]hours:]minutes, but got '"
              + Text.shown(text)
              + "'");
    }
    var hours = 24 * number(match.group(1)) + number(match.group(2));
    return Long.toString(60 * (60 * hours + number(match.group(3))));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /// The value of the element's attribute, or null if it has none of that name.
  private @Nullable String attribute(String wanted) {
    for (var i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equalsIgnoreCase(wanted)) {
        return xml.getAttributeValue(i);
      }
    }
    return null;
  }

  // Events.

  /// Has each child element read, up to the end of this one.
  private void children(String parent, Child child) throws XMLStreamException {
    while (next() != XMLStreamConstants.END_ELEMENT) {
      if (xml.isStartElement()) {
        child.read(xml.getLocalName());
      } else if (xml.isCharacters() && !xml.isWhiteSpace()) {
        warn("text in " + parent + " has no effect");
      }
    }
  }

  /// The text of the element, up to its end; without the blanks around it, unless it says that they
  /// are meant.
  private String text(String element) throws XMLStreamException {
    var meant = "preserve".equals(xml.getAttributeValue(XMLConstants.XML_NS_URI, "space"));
    var text = new StringBuilder();
    while (next() != XMLStreamConstants.END_ELEMENT) {
      if (xml.isStartElement()) {
        throw refusing(
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

  private void skip() throws XMLStreamException {
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

  // Messages.

  private Refusing refusing(String message) {
    return new Refusing(here, message);
  }

  private void warn(String message) {
    warn(message, here, message);
  }

  /// Warns once of each thing, and not without end.
  private void warn(String thing, Position at, String message) {
    if (warnedOf.size() < WARNINGS && warnedOf.add(thing)) {
      warnings.add(at + ": " + message);
      if (warnedOf.size() == WARNINGS) {
        warnings.add(at + ": more has no effect that is not listed");
      }
    }
  }
}
