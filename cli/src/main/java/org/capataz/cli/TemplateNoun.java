package org.capataz.cli;

import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.number;
import static org.capataz.cli.output.Column.text;

import java.util.List;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.model.JobTemplate;

/// What is shown of a job template.
final class TemplateNoun {

  static final Noun<JobTemplate> TEMPLATE =
      new Noun<>(
          "templates",
          JobTemplate::name,
          List.of(
              new Field<>("name", template -> Value.of(template.name())),
              new Field<>("description", template -> Value.ofText(template.description())),
              new Field<>("users", template -> Value.of(template.users())),
              new Field<>("itemCount", template -> Value.of(template.items().size()))),
          List.of(
              key("NAME", JobTemplate::name),
              number("ITEMS", template -> template.items().size()),
              text("USERS", TemplateNoun::users),
              text("DESCRIPTION", JobTemplate::description)),
          List.of(
              key("Name", JobTemplate::name),
              text("Description", JobTemplate::description),
              text("Users", TemplateNoun::users)));

  static final Noun<JobTemplate.Item> ITEM =
      new Noun<>(
          "items",
          item -> item.property().modelName(),
          List.of(
              new Field<>("property", item -> Value.of(item.property().modelName())),
              new Field<>("default", item -> Value.ofText(item.standard())),
              new Field<>("min", item -> Value.ofText(item.min())),
              new Field<>("max", item -> Value.ofText(item.max())),
              new Field<>("allowed", item -> Value.of(item.allowed())),
              new Field<>("required", item -> Value.of(item.required()))),
          List.of(
              key("PROPERTY", item -> item.property().modelName()),
              text("DEFAULT", JobTemplate.Item::standard),
              text("MIN", JobTemplate.Item::min),
              text("MAX", JobTemplate.Item::max),
              text("ALLOWED", item -> String.join(",", item.allowed())),
              text("REQUIRED", item -> String.join(",", item.required()))),
          List.of());

  private TemplateNoun() {}

  private static String users(JobTemplate template) {
    return template.users().isEmpty() ? "everybody" : String.join(",", template.users());
  }
}
