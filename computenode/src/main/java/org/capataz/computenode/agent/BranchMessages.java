package org.capataz.computenode.agent;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.capataz.computenode.keeper.BranchId;
import org.capataz.computenode.keeper.BranchNews;
import org.capataz.computenode.keeper.BranchRequest;
import org.capataz.proto.v1.BranchCommand;
import org.capataz.proto.v1.NodeMessage;
import org.capataz.wire.Identities;

/// What keepers of different nodes say to each other, to and from the messages of the node link.
/// All that reads throws [IllegalArgumentException] where a message breaks the contract.
final class BranchMessages {

  private BranchMessages() {}

  static NodeMessage toNode(BranchRequest request) {
    var message =
        org.capataz.proto.v1.BranchRequest.newBuilder()
            .setAttempt(Identities.toMessage(request.id().attempt()))
            .setName(request.id().name())
            .setNode(request.node())
            .setStop(request.stop());
    request
        .command()
        .ifPresent(
            command ->
                message.setCommand(
                    BranchCommand.newBuilder()
                        .setLine(command.line())
                        .putAllEnvironment(command.environment())
                        .setDirectory(command.directory())));
    return NodeMessage.newBuilder().setBranchRequest(message).build();
  }

  static NodeMessage toNode(BranchNews news) {
    var message =
        org.capataz.proto.v1.BranchNews.newBuilder()
            .setAttempt(Identities.toMessage(news.id().attempt()))
            .setName(news.id().name());
    news.end()
        .ifPresent(
            end ->
                message
                    .setEnded(true)
                    .setExitCode(end.exitCode())
                    .setMessage(end.message())
                    .setOutput(ByteString.copyFromUtf8(end.output()))
                    .setErrors(ByteString.copyFromUtf8(end.errors())));
    return NodeMessage.newBuilder().setBranchNews(message).build();
  }

  static BranchRequest ofMessage(org.capataz.proto.v1.BranchRequest message) {
    return new BranchRequest(
        new BranchId(Identities.ofMessage(message.getAttempt()), message.getName()),
        message.getNode(),
        message.getStop(),
        message.hasCommand() ? Optional.of(command(message.getCommand())) : Optional.empty());
  }

  private static BranchRequest.Command command(BranchCommand message) {
    return new BranchRequest.Command(
        message.getLine(), message.getEnvironmentMap(), message.getDirectory());
  }

  static BranchNews ofMessage(org.capataz.proto.v1.BranchNews message) {
    return new BranchNews(
        new BranchId(Identities.ofMessage(message.getAttempt()), message.getName()),
        message.getEnded()
            ? Optional.of(
                new BranchNews.End(
                    message.getExitCode(),
                    message.getMessage(),
                    message.getOutput().toStringUtf8(),
                    message.getErrors().toStringUtf8()))
            : Optional.empty());
  }
}
