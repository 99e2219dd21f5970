package org.capataz.jobsxml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Property;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.Text;

/// Writes one job file. One use each.
///
/// By hand and not with the JDK's writer, which neither indents nor refuses characters that XML
/// cannot hold, and lets line breaks in attributes turn into blanks.
final class JobFileWriter {

  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{M}\\p{N}_.-]*");

  private final boolean hpcPack;
  private final StringBuilder out = new StringBuilder();
  private int depth;

  /// What is being written, for refusals.
  private String place = "job";

  JobFileWriter(JobFileForm form) {
    hpcPack = form == JobFileForm.HPC_PACK;
  }

  /// Writes the whole file.
  ///
  /// @throws Refusing if the form, or XML, cannot say what the draft says
  String write(JobDraft draft) {
    out.append(hpcPack ? "\uFEFF" : "");
    line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    element("Job", jobAttributes(draft), () -> jobChildren(draft));
    return out.toString();
  }

  private Map<String, String> jobAttributes(JobDraft draft) {
    var attributes = new LinkedHashMap<String, String>();
    if (hpcPack) {
      attributes.put("Version", "3.000");
    }
    put(attributes, draft.properties(), draft.unknown(), Vocabulary.JOB);
    // The one default that depends on the dialect would change with the form.
    var written = hpcPack ? Dialect.HPC2008R2 : Dialect.CAPATAZ;
    if (draft.dialect().failsDependents() != written.failsDependents()) {
      attributes.putIfAbsent(
          JobProperty.FAIL_DEPENDENT_TASKS.modelName(),
          Boolean.toString(draft.dialect().failsDependents()));
    }
    if (hpcPack) {
      attributes.put("xmlns", Dialect.HPC2008R2.namespace());
    }
    return attributes;
  }

  private void jobChildren(JobDraft draft) {
    terms(draft.customProperties());
    environment(draft.environment());
    if (hpcPack) {
      line("<Dependencies />");
    }
    if (hpcPack || !draft.tasks().isEmpty()) {
      element(
          "Tasks",
          Map.of(),
          () -> {
            for (var number = 1; number <= draft.tasks().size(); number++) {
              place = "task " + number;
              task(draft.tasks().get(number - 1));
            }
          });
    }
  }

  private void task(TaskDraft task) {
    if (hpcPack
        && (!task.sweepValues().isEmpty() || task.properties().containsKey(TaskProperty.SWEEP))) {
      throw new Refusing(
          place,
          "expected a sweep over a range, as HPC Pack has them, but it is one over "
              + (task.sweepValues().isEmpty() ? "several" : "values"));
    }
    var attributes = new LinkedHashMap<String, String>();
    put(attributes, task.properties(), task.unknown(), Vocabulary.TASK);
    element(
        "Task",
        attributes,
        () -> {
          environment(task.environment());
          terms(task.customProperties());
          if (!task.sweepValues().isEmpty()) {
            element(
                "SweepValues",
                Map.of(),
                () -> task.sweepValues().forEach(value -> text("Value", value)));
          }
        });
  }

  private void environment(Map<String, String> variables) {
    if (!variables.isEmpty()) {
      element(
          "EnvironmentVariables",
          Map.of(),
          () -> variables.forEach((name, value) -> pair("Variable", name, value)));
    }
  }

  private void terms(Map<String, String> custom) {
    if (!custom.isEmpty()) {
      element(
          "ExtendedTerms",
          Map.of(),
          () -> custom.forEach((name, value) -> pair("Term", name, value)));
    }
  }

  private void pair(String element, String name, String value) {
    if (hpcPack) {
      element(
          element,
          Map.of(),
          () -> {
            text("Name", name);
            text("Value", value);
          });
    } else {
      var attributes = new LinkedHashMap<String, String>();
      attributes.put("Name", name);
      attributes.put("Value", value);
      element(element, attributes, () -> {});
    }
  }

  private <P extends Property> void put(
      Map<String, String> attributes,
      Map<P, String> properties,
      Map<String, String> unknown,
      Vocabulary<P> vocabulary) {
    properties.forEach((property, text) -> attributes.put(property.modelName(), text));
    unknown.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches()
              || name.equals("xmlns")
              || vocabulary.property(name) != null
              || vocabulary.isFact(name)) {
            throw new Refusing(
                place,
                "expected the name of an unknown attribute, but got '" + Text.shown(name) + "'");
          }
          attributes.put(name, value);
        });
  }

  // XML.

  private void element(String name, Map<String, String> attributes, Runnable children) {
    indent().append('<').append(name);
    attributes.forEach(
        (attribute, value) ->
            out.append(' ').append(attribute).append("=\"").append(escaped(value)).append('"'));
    var start = out.length();
    out.append('>');
    endLine();
    var inside = out.length();
    depth++;
    children.run();
    depth--;
    if (out.length() == inside) {
      out.setLength(start);
      out.append(hpcPack ? " />" : "/>");
      endLine();
    } else {
      line("</" + name + ">");
    }
  }

  /// An element with text. Blanks around it are lost unless the file says that they are meant.
  private void text(String element, String text) {
    var meant = text.equals(text.strip()) ? "" : " xml:space=\"preserve\"";
    line("<" + element + meant + ">" + escaped(text) + "</" + element + ">");
  }

  private void line(String xml) {
    indent().append(xml);
    endLine();
  }

  private StringBuilder indent() {
    return out.repeat("  ", depth);
  }

  private void endLine() {
    out.append(hpcPack ? "\r\n" : "\n");
  }

  private String escaped(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\t', '\n', '\r' -> escaped.append("&#").append(c).append(';');
                default -> escaped.appendCodePoint(allowed(c));
              }
            });
    return escaped.toString();
  }

  private int allowed(int c) {
    if (c < ' '
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
        || c == 0xFFFE
        || c == 0xFFFF) {
      throw new Refusing(
          place, "expected characters that XML can hold, but got " + String.format("U+%04X", c));
    }
    return c;
  }
}
