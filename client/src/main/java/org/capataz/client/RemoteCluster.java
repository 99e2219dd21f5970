package org.capataz.client;

import io.grpc.StatusException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.capataz.client.CapatazException.Code;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.JobTemplate;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.Share;
import org.capataz.model.Text;
import org.capataz.proto.v1.BackupRequest;
import org.capataz.proto.v1.ChangeClusterSettingsRequest;
import org.capataz.proto.v1.CreateJobRequest;
import org.capataz.proto.v1.GetClusterRequest;
import org.capataz.proto.v1.GetClusterSettingsRequest;
import org.capataz.proto.v1.GetShareTreeRequest;
import org.capataz.proto.v1.ListJobsRequest;
import org.capataz.proto.v1.ListNodesRequest;
import org.capataz.proto.v1.ListQueueRequest;
import org.capataz.proto.v1.LoseNodeRequest;
import org.capataz.proto.v1.SchedulerGrpc;
import org.capataz.proto.v1.SetNodeOnlineRequest;
import org.capataz.proto.v1.TryJobRequest;
import org.capataz.wire.Drafts;
import org.capataz.wire.HeadAddress;
import org.capataz.wire.Identities;
import org.capataz.wire.PrivateFiles;
import org.capataz.wire.ShareMessages;
import org.capataz.wire.Templates;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;

/// A cluster whose head node is asked over the network.
final class RemoteCluster implements Cluster {

  private static final int PROBE_MILLIS = 2000;

  private final Requests requests;

  RemoteCluster(Heads heads, ConnectOptions options) {
    this.requests = new Requests(heads, options);
  }

  static Cluster connect(ConnectOptions options) {
    var addresses = accepted(HeadAddress.parseList(options.heads()));
    var token =
        options
            .tokenFile()
            .map(file -> TokenFiles.read(Token.Kind.CLIENT, file))
            .orElseGet(() -> TokenFiles.ofUser().find(Token.Kind.CLIENT, addresses));
    return switch (token) {
      case Result.Ok<Token>(var found) ->
          new RemoteCluster(NetworkHeads.open(addresses, found), options);
      case Result.Refused<Token>(var refusal) -> throw withoutToken(refusal, addresses);
    };
  }

  private static <T> T accepted(Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T>(var refusal) -> throw Failures.of(refusal);
    };
  }

  /// Where no head node was ever started there is no token either, and that nobody answers is then
  /// the better thing to say.
  private static CapatazException withoutToken(Refusal refusal, List<HeadAddress> addresses) {
    return refusal.code() != Refusal.Code.NOT_ALLOWED
            || addresses.stream().anyMatch(RemoteCluster::answers)
        ? Failures.of(refusal)
        : new CapatazException(Code.UNREACHABLE, Failures.nobodyAt(NetworkHeads.shown(addresses)));
  }

  private static boolean answers(HeadAddress address) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), PROBE_MILLIS);
      return true;
    } catch (IOException silent) {
      return false;
    }
  }

  @Override
  public Job submit(JobDraft draft, UUID requestId) {
    return create(draft, requestId, true);
  }

  @Override
  public Job create(JobDraft draft, UUID requestId) {
    return create(draft, requestId, false);
  }

  @Override
  public DryRun tryOut(JobDraft draft) {
    var message = TryJobRequest.newBuilder().setDraft(Drafts.toMessage(draft)).build();
    Requests.checkSize(message);
    return Replies.dryRun(requests.ask(stub -> stub.tryJob(message)));
  }

  private Job create(JobDraft draft, UUID requestId, boolean submit) {
    var message =
        CreateJobRequest.newBuilder()
            .setRequestId(Identities.toBytes(requestId))
            .setDraft(Drafts.toMessage(draft))
            .setSubmit(submit)
            .build();
    Requests.checkSize(message);
    return job(requests.ask(stub -> stub.createJob(message)).getJob().getId());
  }

  @Override
  public Job job(int id) {
    return new RemoteJob(id, requests);
  }

  @Override
  public Stream<JobStatus> jobs(JobFilter filter) {
    var request =
        ListJobsRequest.newBuilder()
            .setStates(filter.states().stream().mapToInt(JobState::flag).sum())
            .setOwner(filter.owner().orElse(""))
            .setPageSize(Pages.SIZE)
            .build();
    return Pages.stream(
        token -> {
          var page = request.toBuilder().setPageToken(token).build();
          var reply = requests.ask(stub -> stub.listJobs(page));
          return new Pages.Page<>(
              reply.getJobsList().stream().map(Replies::job).toList(), reply.getNextPageToken());
        });
  }

  @Override
  public Watch watch(WatchOptions options) {
    info();
    return new RemoteWatch(requests.heads(), RemoteWatch.ALL_JOBS, options);
  }

  @Override
  public List<NodeStatus> nodes() {
    var request = ListNodesRequest.getDefaultInstance();
    return requests.ask(stub -> stub.listNodes(request)).getNodesList().stream()
        .map(Replies::node)
        .toList();
  }

  @Override
  public NodeStatus node(String name) {
    return nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CapatazException(
                    Code.NOT_FOUND,
                    "expected the name of a node, but there is no '" + Text.shown(name) + "'"));
  }

  @Override
  public NodeStatus online(String name) {
    return setOnline(name, true);
  }

  @Override
  public NodeStatus offline(String name) {
    return setOnline(name, false);
  }

  @Override
  public NodeStatus lost(String name, String message) {
    var request = LoseNodeRequest.newBuilder().setNode(name).setMessage(message).build();
    return Replies.node(requests.ask(stub -> stub.loseNode(request)));
  }

  private NodeStatus setOnline(String name, boolean online) {
    var request = SetNodeOnlineRequest.newBuilder().setNode(name).setOnline(online).build();
    return Replies.node(requests.ask(stub -> stub.setNodeOnline(request)));
  }

  @Override
  public void backup(Path file) throws IOException {
    PrivateFiles.write(file, this::copy);
  }

  private void copy(OutputStream out) throws IOException {
    var heads = requests.heads();
    var call =
        SchedulerGrpc.newBlockingV2Stub(heads.channel()).backup(BackupRequest.getDefaultInstance());
    try {
      for (var piece = call.read(); piece != null; piece = call.read()) {
        piece.getData().writeTo(out);
      }
    } catch (StatusException failure) {
      throw Failures.of(failure, heads);
    } catch (InterruptedException interruption) {
      throw Failures.interrupted(interruption);
    } finally {
      // Where all has come this does nothing.
      call.cancel("no longer needed", null);
    }
  }

  @Override
  public ClusterInfo info() {
    var request = GetClusterRequest.getDefaultInstance();
    return Replies.cluster(requests.ask(stub -> stub.getCluster(request)));
  }

  @Override
  public ClusterSettings settings() {
    var request = GetClusterSettingsRequest.getDefaultInstance();
    return Replies.settings(requests.ask(stub -> stub.getClusterSettings(request)));
  }

  @Override
  public ClusterSettings changeSettings(
      Map<ClusterParameter, String> parameters, Map<String, String> variables) {
    var request =
        ChangeClusterSettingsRequest.newBuilder().addAllEnvironment(Drafts.variables(variables));
    parameters.forEach((parameter, text) -> request.putParameters(parameter.modelName(), text));
    var message = request.build();
    return Replies.settings(requests.ask(stub -> stub.changeClusterSettings(message)));
  }

  @Override
  public JobTemplate template(String name) {
    return accepted(settings().template(name));
  }

  @Override
  public JobTemplate setTemplate(JobTemplate template) {
    var checked = accepted(template.check());
    var request =
        ChangeClusterSettingsRequest.newBuilder()
            .addTemplates(Templates.toMessage(checked))
            .build();
    requests.ask(stub -> stub.changeClusterSettings(request));
    return checked;
  }

  @Override
  public void deleteTemplate(String name) {
    var request = ChangeClusterSettingsRequest.newBuilder().addDeletedTemplates(name).build();
    requests.ask(stub -> stub.changeClusterSettings(request));
  }

  @Override
  public List<QueueEntry> queue(int most) {
    var request = ListQueueRequest.newBuilder().setMost(most).build();
    return requests.ask(stub -> stub.listQueue(request)).getEntriesList().stream()
        .map(Replies::queued)
        .toList();
  }

  @Override
  public ShareTree shares() {
    var request = GetShareTreeRequest.getDefaultInstance();
    return Replies.shares(requests.ask(stub -> stub.getShareTree(request)));
  }

  @Override
  public void setShare(Share share) {
    var request =
        ChangeClusterSettingsRequest.newBuilder()
            .addShares(ShareMessages.toMessage(accepted(share.check())))
            .build();
    requests.ask(stub -> stub.changeClusterSettings(request));
  }

  @Override
  public void deleteShare(Share.Of of) {
    var request =
        ChangeClusterSettingsRequest.newBuilder()
            .addDeletedShares(ShareMessages.toMessage(of))
            .build();
    requests.ask(stub -> stub.changeClusterSettings(request));
  }

  @Override
  public void close() {
    requests.heads().close();
  }
}
