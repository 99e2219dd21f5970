package org.capataz.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import org.capataz.model.JobProperty;
import org.capataz.model.JobTemplate;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.capataz.proto.v1.TemplateItem;

/// Job templates, to and from their messages. The same bytes are sent and stored.
public final class Templates {

  private Templates() {}

  public static org.capataz.proto.v1.JobTemplate toMessage(JobTemplate template) {
    var message =
        org.capataz.proto.v1.JobTemplate.newBuilder()
            .setName(template.name())
            .setDescription(template.description())
            .addAllUsers(template.users());
    for (var item : template.items()) {
      message.addItems(
          TemplateItem.newBuilder()
              .setProperty(item.property().modelName())
              .setStandard(item.standard())
              .setMin(item.min())
              .setMax(item.max())
              .addAllAllowed(item.allowed())
              .addAllRequired(item.required()));
    }
    return message.build();
  }

  /// Reads a template that a client sent. A property that this version does not know is refused.
  public static Result<JobTemplate> ofMessage(org.capataz.proto.v1.JobTemplate message) {
    var items = new ArrayList<JobTemplate.Item>();
    for (var item : message.getItemsList()) {
      var property =
          Arrays.stream(JobProperty.values())
              .filter(known -> known.modelName().equals(item.getProperty()))
              .findFirst();
      if (property.isEmpty()) {
        return Result.invalid(
            "expected a property of this version, but got '"
                + Text.shown(item.getProperty())
                + "'");
      }
      items.add(
          new JobTemplate.Item(
              property.get(),
              item.getStandard(),
              item.getMin(),
              item.getMax(),
              item.getAllowedList(),
              item.getRequiredList()));
    }
    return Result.ok(
        new JobTemplate(
            message.getName(), message.getDescription(), message.getUsersList(), items));
  }

  public static byte[] toBytes(JobTemplate template) {
    return toMessage(template).toByteArray();
  }

  /// Reads what [#toBytes] wrote.
  ///
  /// @throws IllegalStateException if the bytes are damaged or come from a newer version
  public static JobTemplate ofBytes(byte[] bytes) {
    try {
      return ofMessage(org.capataz.proto.v1.JobTemplate.parseFrom(bytes)).orElseThrow();
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException("expected a stored job template, but it is damaged", damaged);
    }
  }
}
