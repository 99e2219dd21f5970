package org.capataz.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What an administrator decides for the jobs that name this template: values for what they leave
/// open, and bounds for what they say. HPC Pack's job template.
///
/// @param name matched without regard to case
/// @param description for people
/// @param users who may use it; everybody where empty
/// @param items one for a property at most
public record JobTemplate(String name, String description, List<String> users, List<Item> items) {

  /// The name of the template that jobs have which name none. It always exists.
  public static final String DEFAULT_NAME = "Default";

  /// The template of that name until somebody sets it: everything is allowed.
  public static final JobTemplate DEFAULT = new JobTemplate(DEFAULT_NAME, "", List.of(), List.of());

  private static final int USERS = 10_000;
  private static final int VALUES = 10_000;

  /// What holds for one property.
  ///
  /// @param standard the value of jobs that leave it open; empty for none
  /// @param min the least number, of properties that are numbers; empty for none
  /// @param max the highest number; empty for none
  /// @param allowed what may be said, of properties that are words or lists; all where empty
  /// @param required what has to be said, of properties that are lists
  public record Item(
      JobProperty property,
      String standard,
      String min,
      String max,
      List<String> allowed,
      List<String> required) {

    public Item {
      allowed = List.copyOf(allowed);
      required = List.copyOf(required);
    }

    /// An item that has a default alone.
    public static Item of(JobProperty property, String standard) {
      return new Item(property, standard, "", "", List.of(), List.of());
    }

    /// An item of a number.
    public static Item of(JobProperty property, String standard, String min, String max) {
      return new Item(property, standard, min, max, List.of(), List.of());
    }

    private boolean isBounded() {
      return !min.isEmpty() || !max.isEmpty();
    }

    /// Why the item itself is wrong.
    private Optional<Refusal> fault() {
      var form = Form.of(property);
      if (form == Form.NONE) {
        return refused("a property that templates can decide");
      }
      if (isBounded() && form != Form.NUMBER) {
        return refused("no MinVal and MaxVal, as it is no number");
      }
      if (!allowed.isEmpty() && form != Form.WORD && form != Form.LIST) {
        return refused("no ValueRange, as it is no word or list");
      }
      if (!required.isEmpty() && form != Form.LIST) {
        return refused("no RequiredValues, as it is no list");
      }
      if (allowed.size() + required.size() > VALUES) {
        return refused("at most " + VALUES + " values");
      }
      if (standard.isEmpty() && (isBounded() || !required.isEmpty())) {
        return refused(
            "a Default beside " + (isBounded() ? "MinVal and MaxVal" : "RequiredValues"));
      }
      var malformed =
          Stream.concat(Stream.of(standard, min, max), allowed.stream())
              .filter(text -> !text.isEmpty())
              .map(text -> property.type().check(text))
              .flatMap(JobTemplate::refusal)
              .findFirst()
              .map(refusal -> refusal.in(property.modelName()));
      return malformed.or(() -> standard.isEmpty() ? Optional.empty() : refusal(standard));
    }

    private Optional<Refusal> refused(String expected) {
      return Optional.of(Refusal.invalid(property.modelName() + ": expected " + expected));
    }

    /// Why a value, whose form is right, is outside of what is allowed.
    private Optional<Refusal> refusal(String text) {
      return switch (Form.of(property)) {
        case NUMBER -> isWithin(text) ? Optional.empty() : outside(range(), text);
        case WORD ->
            allowed.isEmpty() || contains(allowed, text)
                ? Optional.empty()
                : outside(String.join(" or ", allowed), text);
        case LIST -> {
          var said = List.of(text.split(",", -1));
          var more =
              said.stream()
                  .filter(value -> !value.isBlank() && !allowed.isEmpty())
                  .filter(value -> !contains(allowed, value))
                  .findFirst();
          if (more.isPresent()) {
            yield outside("nothing but " + String.join(", ", allowed), more.get().strip());
          }
          yield required.stream().allMatch(value -> contains(said, value))
              ? Optional.empty()
              : outside("all of " + String.join(", ", required), text);
        }
        case TEXT, NONE -> Optional.empty();
      };
    }

    private Optional<Refusal> outside(String expected, String text) {
      return Optional.of(
          Refusal.invalid(
              property.modelName()
                  + ": expected "
                  + expected
                  + ", but got '"
                  + Text.shown(text)
                  + "'"));
    }

    private String range() {
      return min.isEmpty()
          ? "at most " + max
          : max.isEmpty() ? "at least " + min : min + " to " + max;
    }

    private boolean isWithin(String text) {
      var number = number(text);
      return (min.isEmpty() || number.compareTo(number(min)) >= 0)
          && (max.isEmpty() || number.compareTo(number(max)) <= 0)
          // No limit is more than any.
          && !(property == JobProperty.RUNTIME_SECONDS && !max.isEmpty() && number.signum() == 0);
    }

    private BigInteger number(String text) {
      return property.type() == PropertyType.PRIORITY
          ? BigInteger.valueOf(Priority.parse(text).orElseThrow().value())
          : new BigInteger(text.strip());
    }

    private boolean contains(List<String> values, String value) {
      return values.stream().anyMatch(other -> word(other).equals(word(value)));
    }

    /// What of a value counts: of a licence its feature.
    private String word(String text) {
      var word = text.strip().toLowerCase(Locale.ROOT);
      return switch (property.type()) {
        case BOOLEAN -> Boolean.toString(JobResolver.isTrue(word));
        case LICENSES -> word.replaceFirst(":.*", "");
        default -> word;
      };
    }
  }

  /// What kind of bounds a property can have.
  private enum Form {
    NUMBER,
    WORD,
    LIST,
    /// A default alone.
    TEXT,
    /// Nothing: it is about one job.
    NONE;

    static Form of(JobProperty property) {
      return switch (property.type()) {
        case INTEGER, PRIORITY -> NUMBER;
        case BOOLEAN, UNIT, NODE_GROUP_OP, PARENT_FAILURE -> WORD;
        case NAME -> property == JobProperty.JOB_TEMPLATE ? NONE : WORD;
        case NAMES, LICENSES -> LIST;
        case NODE_ORDER, EXIT_CODES -> TEXT;
        default -> NONE;
      };
    }
  }

  public JobTemplate {
    users = List.copyOf(users);
    items = List.copyOf(items);
  }

  /// The template, if all of it can hold; the ways to write a priority as one property.
  public Result<JobTemplate> check() {
    var place = "job template '" + Text.shown(name) + "'";
    if (name.isBlank() || !name.equals(name.strip())) {
      return Result.<JobTemplate>invalid("expected a name without blanks around it").in(place);
    }
    var texts =
        Stream.of(
            Text.name(name, Limits.NAME),
            Text.bounded(description, Limits.MESSAGE),
            users.size() > USERS
                ? Result.<String>invalid("expected at most " + USERS + " users")
                : Text.name(String.join("", users), Limits.ENVIRONMENT));
    var merged = new ArrayList<Item>();
    var seen = new HashSet<JobProperty>();
    for (var item : items) {
      var property =
          item.property == JobProperty.PRIORITY ? JobProperty.EXPANDED_PRIORITY : item.property;
      if (!seen.add(property)) {
        return Result.<JobTemplate>invalid(
                "expected " + property.modelName() + " once, but it comes again")
            .in(place);
      }
      merged.add(
          new Item(property, item.standard, item.min, item.max, item.allowed, item.required));
    }
    return Stream.concat(
            texts.flatMap(JobTemplate::refusal),
            merged.stream().flatMap(item -> item.fault().stream()))
        .findFirst()
        .map(refusal -> Result.<JobTemplate>refused(refusal.in(place)))
        .orElseGet(() -> Result.ok(new JobTemplate(name, description, users, merged)));
  }

  /// The name of the template that a job is held to.
  public static String nameOf(JobDraft draft) {
    return draft
        .get(JobProperty.JOB_TEMPLATE)
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .orElse(DEFAULT_NAME);
  }

  public boolean hasName(String other) {
    return name.equalsIgnoreCase(other);
  }

  /// Whether that user may use it.
  public boolean admits(String user) {
    return users.isEmpty() || users.contains(user);
  }

  /// What the template says of what a job leaves open.
  public JobChange defaultsFor(JobDraft draft) {
    if (items.isEmpty()) {
      return JobChange.NONE;
    }
    var missing = new EnumMap<JobProperty, String>(JobProperty.class);
    var unit = unit(draft);
    for (var item : items) {
      var counts = Unit.of(item.property).map(of -> Result.ok(of).equals(unit)).orElse(true);
      if (counts && !item.standard.isEmpty() && said(draft, item.property).isEmpty()) {
        missing.put(item.property, item.standard);
      }
    }
    return new JobChange(missing, Map.of(), Map.of(), Map.of());
  }

  /// The unit that the job is counted in: as it says, else as the template does.
  private Result<Unit> unit(JobDraft draft) {
    var isSaid =
        draft.dialect() != Dialect.CAPATAZ
            || Stream.concat(
                    Stream.of(draft.properties().keySet()),
                    draft.tasks().stream().map(task -> task.properties().keySet()))
                .flatMap(Set::stream)
                .anyMatch(
                    property -> property == JobProperty.UNIT_TYPE || Unit.of(property).isPresent());
    return isSaid
        ? ResourceResolver.unitOf(draft)
        : items.stream()
            .filter(item -> item.property == JobProperty.UNIT_TYPE && !item.standard.isEmpty())
            .findFirst()
            .map(item -> Unit.parse(item.standard))
            .orElse(Result.ok(Unit.CORE));
  }

  private static Optional<String> said(JobDraft draft, JobProperty property) {
    return property == JobProperty.EXPANDED_PRIORITY
        ? draft.get(property).or(() -> draft.get(JobProperty.PRIORITY))
        : draft.get(property);
  }

  /// Why a job may not be as it is.
  ///
  /// @param draft with the defaults
  /// @param spec what the draft resolves to
  public Optional<Refusal> refusal(JobDraft draft, JobSpec spec) {
    return items.stream()
        .flatMap(
            item ->
                workedOut(item.property, spec)
                    .or(() -> said(draft, item.property))
                    .flatMap(item::refusal)
                    .stream())
        .findFirst()
        .map(refusal -> refusal.in("job template '" + Text.shown(name) + "'"));
  }

  /// The minimum or maximum that the job will have, whoever said it.
  private static Optional<String> workedOut(JobProperty property, JobSpec spec) {
    var unit = spec.resources().unit();
    return property == unit.jobMin()
        ? Optional.of(Integer.toString(spec.units().min()))
        : property == unit.jobMax()
            ? Optional.of(Integer.toString(spec.units().max()))
            : Optional.empty();
  }

  private static <T> Stream<Refusal> refusal(Result<T> result) {
    return result instanceof Result.Refused<T>(var refusal) ? Stream.of(refusal) : Stream.empty();
  }
}
