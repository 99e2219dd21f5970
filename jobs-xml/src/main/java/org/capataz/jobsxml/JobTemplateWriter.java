package org.capataz.jobsxml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.JobTemplate;
import org.capataz.model.Text;

/// Writes job template files.
final class JobTemplateWriter {

  private JobTemplateWriter() {}

  /// Writes a whole file.
  ///
  /// @throws Refusing if XML cannot say what the template says
  static String write(JobTemplate template) {
    var xml = new XmlText(JobFileForm.CAPATAZ, "job template");
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("Name", template.name());
    put(attributes, "Description", template.description());
    put(attributes, "Users", list(template.users()));
    xml.element(
        "JobTemplate",
        attributes,
        () -> template.items().forEach(item -> xml.element("TemplateItem", of(item), () -> {})));
    return xml.toString();
  }

  private static Map<String, String> of(JobTemplate.Item item) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("PropertyName", item.property().modelName());
    put(attributes, "Default", item.standard());
    put(attributes, "MinVal", item.min());
    put(attributes, "MaxVal", item.max());
    put(attributes, "ValueRange", list(item.allowed()));
    put(attributes, "RequiredValues", list(item.required()));
    return attributes;
  }

  private static void put(Map<String, String> attributes, String name, String text) {
    if (!text.isEmpty()) {
      attributes.put(name, text);
    }
  }

  private static String list(List<String> values) {
    for (var value : values) {
      if (value.contains(",")) {
        throw new Refusing(
            "job template", "expected values without commas, but got '" + Text.shown(value) + "'");
      }
    }
    return String.join(",", values);
  }
}
