package org.capataz.headnode.rpc;

import java.util.HashMap;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.security.Principal;
import org.capataz.model.ClusterParameter;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.proto.v1.ChangeClusterSettingsRequest;
import org.capataz.proto.v1.ClusterSettings;
import org.capataz.proto.v1.GetShareTreeReply;
import org.capataz.proto.v1.ShareStanding;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.FairShares;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.wire.Drafts;
import org.capataz.wire.ShareMessages;
import org.capataz.wire.Templates;

/// Shows what was decided for the whole cluster, and lets administrators change it.
final class SettingsRequests {

  private final EngineLoop loop;

  SettingsRequests(EngineLoop loop) {
    this.loop = loop;
  }

  ClusterSettings get() {
    var settings = Answers.await(loop.read(ClusterState::settings));
    var message =
        ClusterSettings.newBuilder().addAllEnvironment(Drafts.variables(settings.environment()));
    settings
        .parameters()
        .forEach((parameter, text) -> message.putParameters(parameter.modelName(), text));
    settings.templates().values().forEach(one -> message.addTemplates(Templates.toMessage(one)));
    settings
        .shares()
        .all()
        .values()
        .forEach(one -> message.addShares(ShareMessages.toMessage(one)));
    return message.build();
  }

  ClusterSettings change(ChangeClusterSettingsRequest request) {
    Answers.accepted(administrator("change the cluster's settings"));
    var texts = new HashMap<ClusterParameter, String>();
    request
        .getParametersMap()
        .forEach((name, text) -> texts.put(Answers.accepted(ClusterParameter.parse(name)), text));
    var variables = Drafts.environment(request.getEnvironmentList());
    var templates =
        request.getTemplatesList().stream()
            .map(one -> Answers.accepted(Templates.ofMessage(one)))
            .toList();
    var command =
        new Command.ChangeSettings(
            texts,
            variables,
            templates,
            request.getDeletedTemplatesList(),
            request.getSharesList().stream().map(ShareMessages::ofMessage).toList(),
            request.getDeletedSharesList().stream().map(ShareMessages::placeOf).toList());
    Answers.accepted(Answers.await(loop.ask(command)));
    return get();
  }

  /// What projects and users may expect, and what they have used.
  GetShareTreeReply shares() {
    var now = loop.now();
    var settings = loop.settings();
    var tree = Answers.await(loop.read(state -> FairShares.of(state, now)));
    var reply =
        GetShareTreeReply.newBuilder()
            .setAlgorithm(settings.fairShare().toString())
            .setHalfLife(settings.usageHalfLife() / 1_000_000);
    for (var node : tree.nodes()) {
      var standing =
          ShareStanding.newBuilder()
              .setProject(node.of().project())
              .setUser(node.of().user())
              .setDepth(node.depth())
              .setShares(node.shares())
              .setNormShares(node.normShares())
              .setUsage(node.usage())
              .setEffectiveUsage(node.effectiveUsage())
              .setLevelFairShare(node.levelFairShare());
      node.fairShare().ifPresent(standing::setFairShare);
      reply.addStandings(standing);
    }
    return reply.build();
  }

  /// Refuses who is no administrator.
  static Result<Principal> administrator(String purpose) {
    var principal = Principal.current();
    return principal.administrator()
        ? Result.ok(principal)
        : Result.refused(
            new Refusal(
                Refusal.Code.NOT_ALLOWED,
                "expected an administrator to "
                    + purpose
                    + ", but "
                    + principal.user()
                    + " is none; ask whoever runs the head node"));
  }
}
