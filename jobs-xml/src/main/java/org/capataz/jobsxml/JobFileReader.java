package org.capataz.jobsxml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamException;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Limits;
import org.capataz.model.Property;
import org.capataz.model.Result;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskProperty;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;

/// Reads one job file from front to back. One use each.
///
/// Elements are matched by local name, so that any namespace or none will do, as in HPC Pack.
final class JobFileReader {

  private static final Pattern RUNTIME =
      Pattern.compile("(?:(?:(\\d{1,6}):)?(\\d{1,6}):)?(\\d{1,9})");

  private final XmlCursor xml;
  private final Warnings warnings = new Warnings();
  private final List<Position> places = new ArrayList<>();
  private final List<TaskDraft> tasks = new ArrayList<>();
  private final TaskGroups groups = new TaskGroups();

  /// @param file its name, for messages
  JobFileReader(JobFileText text, String file) throws XMLStreamException {
    this.xml = new XmlCursor(text, file, warnings);
  }

  /// Reads the file to its end.
  ///
  /// @param root the element that it has to begin with: `Job`, or `Task` for a task alone
  /// @throws Refusing if it does not
  JobFile read(String root) throws XMLStreamException {
    xml.enter();
    if (!xml.name().equals(root)) {
      throw refusing(
          "expected the element "
              + root
              + ", but got "
              + Text.shown(xml.name())
              + (xml.name().equals("Task")
                  ? "; a task file is for 'capataz job add ID --taskfile FILE'"
                  : ""));
    }
    var draft = root.equals("Job") ? job() : taskAlone();
    xml.leave();
    return new JobFile(draft, warnings.lines(), places);
  }

  // Elements.

  private JobDraft job() throws XMLStreamException {
    places.add(xml.here());
    var dialect = dialect();
    var unknown = new LinkedHashMap<String, String>();
    var properties = properties("Job", Vocabulary.JOB, new EnumMap<>(JobProperty.class), unknown);
    var environment = new LinkedHashMap<String, String>();
    var custom = new LinkedHashMap<String, String>();
    xml.children(
        "Job",
        name -> {
          switch (name) {
            case "EnvironmentVariables" -> environment(environment);
            case "CustomProperties", "ExtendedTerms" -> terms(name, custom);
            case "Dependencies" -> dependencies();
            case "Tasks" -> tasks();
            case "Task" -> throw refusing("expected Task inside of Tasks, but got it before");
            default ->
                unknown(
                    "Job",
                    name,
                    "CustomProperties",
                    "ExtendedTerms",
                    "EnvironmentVariables",
                    "Dependencies",
                    "Tasks");
          }
        });
    if (dialect == Dialect.CAPATAZ) {
      sweepsWithoutType();
    }
    return new JobDraft(
        dialect,
        properties,
        environment,
        unknown,
        groups.asDependencies(tasks, places.getFirst()),
        custom);
  }

  /// Warns of what looks like a sweep and is none. HPC Pack writes numbers of a sweep on every
  /// task.
  private void sweepsWithoutType() {
    for (var number = 1; number <= tasks.size(); number++) {
      var task = tasks.get(number - 1);
      if (TaskKind.of(task) == TaskKind.BASIC
          && task.get(TaskProperty.END_VALUE).isPresent()
          && task.get(TaskProperty.COMMAND_LINE).orElse("").contains("*")) {
        warnings.add(places.get(number), "EndValue has no effect without Type=\"ParametricSweep\"");
      }
    }
  }

  private JobDraft taskAlone() throws XMLStreamException {
    places.add(xml.here());
    var dialect = dialect();
    task();
    return new JobDraft(dialect, Map.of(), Map.of(), Map.of(), tasks);
  }

  private Dialect dialect() {
    var namespace = xml.namespace();
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
    xml.children(
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
    places.add(xml.here());
    groups.addTask(xml.attribute("GroupId"));
    var unknown = new LinkedHashMap<String, String>();
    var properties =
        properties("Task", Vocabulary.TASK, new EnumMap<>(TaskProperty.class), unknown);
    var environment = new LinkedHashMap<String, String>();
    var axes = new ArrayList<SweepAxis>();
    var custom = new LinkedHashMap<String, String>();
    xml.children(
        "Task",
        name -> {
          switch (name) {
            case "CustomProperties", "ExtendedTerms" -> terms(name, custom);
            case "EnvironmentVariables" -> environment(environment);
            case "SweepValues" -> sweepValues(axes);
            default ->
                unknown(
                    "Task",
                    name,
                    "CustomProperties",
                    "ExtendedTerms",
                    "EnvironmentVariables",
                    "SweepValues");
          }
        });
    tasks.add(new TaskDraft(properties, environment, unknown, axes, custom));
  }

  private void sweepValues(List<SweepAxis> axes) throws XMLStreamException {
    var at = xml.here();
    var values = new ArrayList<String>();
    xml.children(
        "SweepValues",
        child -> {
          switch (child) {
            case "Value" -> values.add(xml.text(child));
            case "Parameter" -> axes.add(parameter());
            case "Table" -> axes.add(table());
            default ->
                throw refusing(
                    "expected the element Value, Parameter or Table, but got " + Text.shown(child));
          }
        });
    if (values.isEmpty() == axes.isEmpty()) {
      throw new Refusing(
          at,
          "expected in SweepValues either elements Value, or Parameter and Table, but "
              + (values.isEmpty() ? "there is none" : "there are both"));
    }
    if (!values.isEmpty()) {
      axes.add(new SweepAxis.Lines(values));
    }
  }

  private SweepAxis parameter() throws XMLStreamException {
    var name = xml.attribute("Name");
    var list = xml.attribute("List");
    if (name == null || list == null) {
      throw refusing(
          "expected a Parameter with Name and List, but "
              + (name == null ? "Name" : "List")
              + " is missing");
    }
    xml.children("Parameter", child -> unknown("Parameter", child));
    return new SweepAxis.Listed(name, list);
  }

  /// Reads a table, the columns of which are the attributes of its first row.
  private SweepAxis table() throws XMLStreamException {
    var at = xml.here();
    var names = new ArrayList<String>();
    var cells = new ArrayList<String>();
    xml.children(
        "Table",
        child -> {
          if (!child.equals("Row")) {
            throw refusing("expected the element Row, but got " + Text.shown(child));
          }
          var row = new LinkedHashMap<String, String>();
          xml.attributes().forEach(cell -> row.put(cell.name(), cell.value()));
          if (names.isEmpty()) {
            names.addAll(row.keySet());
          }
          if (row.isEmpty() || !row.keySet().equals(Set.copyOf(names))) {
            throw refusing(
                "expected a Row with the attributes "
                    + Text.shown(String.join(", ", names))
                    + ", but it has "
                    + Text.shown(String.join(", ", row.keySet())));
          }
          names.forEach(name -> cells.add(row.getOrDefault(name, "")));
          xml.children(child, inner -> unknown(child, inner));
        });
    if (cells.isEmpty()) {
      throw new Refusing(at, "expected at least one Row in Table, but there is none");
    }
    return new SweepAxis.Rows(names, cells);
  }

  private void environment(Map<String, String> variables) throws XMLStreamException {
    xml.children(
        "EnvironmentVariables",
        name -> {
          if (name.equals("Variable")) {
            pair("Variable", variables);
          } else {
            unknown("EnvironmentVariables", name, "Variable");
          }
        });
  }

  private void terms(String element, Map<String, String> custom) throws XMLStreamException {
    xml.children(
        element,
        name -> {
          if (name.equals("Term")) {
            pair("Term", custom);
          } else {
            unknown(element, name, "Term");
          }
        });
  }

  /// Reads a variable or term, whose name and value are elements, as in HPC Pack, or attributes.
  private void pair(String element, Map<String, String> pairs) throws XMLStreamException {
    var at = xml.here();
    var parts = new @Nullable String[] {xml.attribute("Name"), xml.attribute("Value")};
    xml.children(
        element,
        child -> {
          switch (child) {
            case "Name" -> parts[0] = xml.text(child);
            case "Value" -> parts[1] = xml.text(child);
            default -> unknown(element, child, "Name", "Value");
          }
        });
    var name = parts[0];
    var value = parts[1];
    if (name == null || name.isEmpty() || value == null) {
      throw new Refusing(
          at,
          "expected a "
              + element
              + " with Name and Value, but "
              + (value == null ? "Value" : "Name")
              + " is missing");
    }
    if (pairs.put(name, value) != null) {
      warnings.add(
          at,
          element.toLowerCase(Locale.ROOT)
              + " '"
              + Text.shown(name)
              + "' is set twice; this one holds");
    }
  }

  private void dependencies() throws XMLStreamException {
    xml.children(
        "Dependencies",
        name -> {
          if (!name.equals("Parent")) {
            unknown("Dependencies", name, "Parent");
            return;
          }
          var parent = groups.addGroup(xml.attribute("GroupId"), xml.here());
          xml.children(
              "Parent",
              child -> {
                if (child.equals("Child")) {
                  groups.addChild(parent, xml.attribute("GroupId"), xml.here());
                  xml.skip();
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
    xml.skip();
  }

  // Attributes.

  /// Reads the attributes of an element into properties; what sets none goes to `unknown`.
  private <P extends Enum<P> & Property> Map<P, String> properties(
      String element,
      Vocabulary<P> vocabulary,
      Map<P, String> properties,
      Map<String, String> unknown) {
    for (var attribute : xml.attributes()) {
      if (isForeign(attribute)) {
        continue;
      }
      var name = attribute.name();
      var value = attribute.value();
      var property = vocabulary.property(name);
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
  private boolean isForeign(XmlCursor.Attribute attribute) {
    return switch (attribute.namespace()) {
      case "" -> false;
      case XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, XMLConstants.XML_NS_URI -> true;
      default -> {
        warn(
            "attribute '"
                + Text.shown(attribute.name())
                + "' is of a foreign namespace: it has no effect");
        yield true;
      }
    };
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

  private Refusing refusing(String message) {
    return new Refusing(xml.here(), message);
  }

  private void warn(String message) {
    warnings.add(xml.here(), message);
  }
}
