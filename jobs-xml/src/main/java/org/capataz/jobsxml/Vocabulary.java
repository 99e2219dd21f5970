package org.capataz.jobsxml;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capataz.model.JobProperty;
import org.capataz.model.Property;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;

/// What the attributes of one kind of element mean. Names are matched without regard to case, as
/// HPC Pack does.
final class Vocabulary<P extends Property> {

  /// Attributes of `Job`.
  static final Vocabulary<JobProperty> JOB =
      new Vocabulary<>(
          JobProperty.values(),
          """
          Version Id Owner UserName User SubmittedBy JobType State PreviousState Status SubmitTime
          CreateTime StartTime EndTime ChangeTime WaitTime ErrorCode ErrorMessage ErrorParams
          RequestCancel RequeueCount AutoRequeueCount FailureReason PendingReason IsBackfill HasGrown
          HasShrunk CanGrow CanShrink Preemptable ComputedMinCores ComputedMaxCores
          ComputedMinSockets ComputedMaxSockets ComputedMinNodes ComputedMaxNodes ComputedNodeList
          AllocatedNodes RequiredNodes NextTaskNiceID ClientSource Progress ProgressMessage
          TargetResourceCount
          """,
          """
          Pool=Default NotifyOnStart=false NotifyOnCompletion=false
          EmailAddress=
          """);

  /// Attributes of `Task`.
  static final Vocabulary<TaskProperty> TASK =
      new Vocabulary<>(
          TaskProperty.values(),
          """
          Version Id NiceId ParentJobId State PreviousState Status SubmitTime CreateTime StartTime
          EndTime ChangeTime ExitCode ErrorCode ErrorMessage ErrorParams Output RequestCancel
          RequeueCount AutoRequeueCount FailureReason PendingReason InstanceId InstanceValue
          ParametricRunningCount ParametricCanceledCount ParametricFailedCount ParametricQueuedCount
          ProcessIds Closed HasCustomProps AllocatedNodes UnitType GroupId
          """,
          "");

  private final Map<String, P> properties = new HashMap<>();
  private final Set<String> facts = new HashSet<>();
  private final Map<String, String> unsupported = new HashMap<>();

  /// @param facts what an export tells of a job's past, and a new job does not take over
  /// @param unsupported settings of HPC Pack without effect here, each with the value that asks for
  ///   nothing else; so does an empty one
  private Vocabulary(P[] catalogue, String facts, String unsupported) {
    for (var property : catalogue) {
      properties.put(folded(property.modelName()), property);
      if (!property.legacyName().isEmpty()) {
        properties.put(folded(property.legacyName()), property);
      }
    }
    words(facts).forEach(name -> this.facts.add(folded(name)));
    words(unsupported)
        .map(setting -> setting.split("=", 2))
        .forEach(setting -> this.unsupported.put(folded(setting[0]), setting[1]));
  }

  private static Stream<String> words(String text) {
    return Pattern.compile("\\S+").matcher(text).results().map(MatchResult::group);
  }

  /// The property that an attribute sets, or null if it sets none.
  @Nullable P property(String attribute) {
    return properties.get(folded(attribute));
  }

  /// Whether an attribute tells of a job's past, or is read apart.
  boolean isFact(String attribute) {
    return facts.contains(folded(attribute));
  }

  /// Whether HPC Pack has this attribute, and Capataz has not yet.
  boolean isUnsupported(String attribute) {
    return unsupported.containsKey(folded(attribute));
  }

  /// Whether an unsupported attribute asks for nothing else than what happens without it.
  boolean isNeutral(String attribute, String value) {
    var neutral = unsupported.get(folded(attribute));
    return neutral != null && (value.isBlank() || value.strip().equalsIgnoreCase(neutral));
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
