package org.capataz.jobsxml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import org.capataz.model.JobTemplate;
import org.capataz.model.PropertyType;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;

/// Reads one job template file. One use each.
final class JobTemplateReader {

  private static final Set<String> TEMPLATE_ATTRIBUTES =
      Set.of("name", "description", "users", "createtime");
  private static final Set<String> ITEM_ATTRIBUTES =
      Set.of(
          "propertyname",
          "default",
          "minval",
          "maxval",
          "valuerange",
          "requiredvalues",
          "readonly");

  private final XmlCursor xml;
  private final Warnings warnings = new Warnings();
  private final List<JobTemplate.Item> items = new ArrayList<>();

  /// @param file its name, for messages
  JobTemplateReader(JobFileText text, String file) throws XMLStreamException {
    this.xml = new XmlCursor(text, file, warnings);
  }

  /// Reads the file to its end.
  JobTemplateFile read() throws XMLStreamException {
    xml.enter();
    if (!xml.name().equals("JobTemplate")) {
      throw new Refusing(
          xml.here(), "expected the element JobTemplate, but got " + Text.shown(xml.name()));
    }
    var start = xml.here();
    warnOfOthers("JobTemplate", TEMPLATE_ATTRIBUTES);
    var name = attribute("Name").strip();
    var description = attribute("Description");
    var users = list(attribute("Users"));
    xml.children(
        "JobTemplate",
        element -> {
          if (!element.equals("TemplateItem")) {
            throw new Refusing(
                xml.here(), "expected the element TemplateItem, but got " + Text.shown(element));
          }
          item();
          xml.skip();
        });
    xml.leave();
    return switch (new JobTemplate(name, description, users, items).check()) {
      case Result.Ok<JobTemplate>(var template) -> new JobTemplateFile(template, warnings.lines());
      case Result.Refused<JobTemplate>(var refusal) -> throw new Refusing(start, refusal.message());
    };
  }

  private void item() {
    var name = attribute("PropertyName").strip();
    var property = Vocabulary.JOB.property(name);
    if (property == null) {
      if (!Vocabulary.JOB.isFact(name) && !Vocabulary.JOB.isUnsupported(name)) {
        throw new Refusing(
            xml.here(),
            "expected the PropertyName of a property of jobs, but got '" + Text.shown(name) + "'");
      }
      warnings.add(
          xml.here(), "TemplateItem '" + Text.shown(name) + "' is not supported: it has no effect");
      return;
    }
    warnOfOthers("TemplateItem", ITEM_ATTRIBUTES);
    var standard = attribute("Default");
    var min = attribute("MinVal");
    var max = attribute("MaxVal");
    var allowed = list(attribute("ValueRange"));
    if (attribute("ReadOnly").strip().toLowerCase(Locale.ROOT).equals("true")) {
      // Only the default may be said then.
      var isNumber =
          property.type() == PropertyType.INTEGER || property.type() == PropertyType.PRIORITY;
      min = isNumber ? standard : "";
      max = min;
      allowed = isNumber ? List.of() : list(standard);
    }
    items.add(
        new JobTemplate.Item(
            property, standard, min, max, allowed, list(attribute("RequiredValues"))));
  }

  private void warnOfOthers(String element, Set<String> known) {
    for (var attribute : xml.attributes()) {
      if (attribute.namespace().isEmpty()
          && !known.contains(attribute.name().toLowerCase(Locale.ROOT))) {
        warnings.add(
            xml.here(),
            element
                + " attribute '"
                + Text.shown(attribute.name())
                + "' is unknown: it has no effect");
      }
    }
  }

  private String attribute(String name) {
    @Nullable String text = xml.attribute(name);
    return text == null ? "" : text;
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }
}
