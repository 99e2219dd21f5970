package org.capataz.jobsxml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.Property;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.Text;

/// Writes one job file. One use each.
final class JobFileWriter {

  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{M}\\p{N}_.-]*");

  private final boolean hpcPack;
  private final XmlText xml;

  JobFileWriter(JobFileForm form) {
    hpcPack = form == JobFileForm.HPC_PACK;
    xml = new XmlText(form, "job");
  }

  /// Writes the whole file.
  ///
  /// @throws Refusing if the form, or XML, cannot say what the draft says
  String write(JobDraft given) {
    // What a dialect takes for granted would change with the form.
    var draft = given.in(hpcPack ? Dialect.HPC2008R2 : Dialect.CAPATAZ);
    xml.element("Job", jobAttributes(draft), () -> jobChildren(draft));
    return xml.toString();
  }

  private Map<String, String> jobAttributes(JobDraft draft) {
    var attributes = new LinkedHashMap<String, String>();
    if (hpcPack) {
      attributes.put("Version", "3.000");
    }
    put(attributes, draft.properties(), draft.unknown(), Vocabulary.JOB);
    if (hpcPack) {
      attributes.put("xmlns", Dialect.HPC2008R2.namespace());
    }
    return attributes;
  }

  private void jobChildren(JobDraft draft) {
    terms(draft.customProperties());
    environment(draft.environment());
    if (hpcPack) {
      xml.element("Dependencies", Map.of(), () -> {});
    }
    if (hpcPack || !draft.tasks().isEmpty()) {
      xml.element(
          "Tasks",
          Map.of(),
          () -> {
            for (var number = 1; number <= draft.tasks().size(); number++) {
              xml.at("task " + number);
              task(draft.tasks().get(number - 1));
            }
          });
    }
  }

  private void task(TaskDraft task) {
    if (hpcPack && (!task.axes().isEmpty() || task.properties().containsKey(TaskProperty.SWEEP))) {
      throw new Refusing(
          xml.place(),
          "expected a sweep over a range, as HPC Pack has them, but it is one over "
              + (task.axes().isEmpty() ? "several" : "values"));
    }
    var attributes = new LinkedHashMap<String, String>();
    put(attributes, task.properties(), task.unknown(), Vocabulary.TASK);
    xml.element(
        "Task",
        attributes,
        () -> {
          environment(task.environment());
          terms(task.customProperties());
          if (!task.axes().isEmpty()) {
            xml.element("SweepValues", Map.of(), () -> task.axes().forEach(this::axis));
          }
        });
  }

  private void axis(SweepAxis axis) {
    switch (axis) {
      case SweepAxis.Lines(var values) -> values.forEach(value -> xml.text("Value", value));
      case SweepAxis.Listed(var name, var list) -> {
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("Name", name);
        attributes.put("List", list);
        xml.element("Parameter", attributes, () -> {});
      }
      case SweepAxis.Rows rows -> xml.element("Table", Map.of(), () -> rows(rows));
    }
  }

  private void rows(SweepAxis.Rows rows) {
    var names = rows.names();
    for (var at = 0; at < rows.cells().size(); at += names.size()) {
      var row = new LinkedHashMap<String, String>();
      for (var column = 0; column < names.size(); column++) {
        row.put(names.get(column), rows.cells().get(at + column));
      }
      xml.element("Row", row, () -> {});
    }
  }

  private void environment(Map<String, String> variables) {
    if (!variables.isEmpty()) {
      xml.element(
          "EnvironmentVariables",
          Map.of(),
          () -> variables.forEach((name, value) -> pair("Variable", name, value)));
    }
  }

  private void terms(Map<String, String> custom) {
    if (!custom.isEmpty()) {
      xml.element(
          "ExtendedTerms",
          Map.of(),
          () -> custom.forEach((name, value) -> pair("Term", name, value)));
    }
  }

  private void pair(String element, String name, String value) {
    if (hpcPack) {
      xml.element(
          element,
          Map.of(),
          () -> {
            xml.text("Name", name);
            xml.text("Value", value);
          });
    } else {
      var attributes = new LinkedHashMap<String, String>();
      attributes.put("Name", name);
      attributes.put("Value", value);
      xml.element(element, attributes, () -> {});
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
                xml.place(),
                "expected the name of an unknown attribute, but got '" + Text.shown(name) + "'");
          }
          attributes.put(name, value);
        });
  }
}
