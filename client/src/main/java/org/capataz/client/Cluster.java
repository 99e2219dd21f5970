package org.capataz.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobDraft;
import org.capataz.model.JobTemplate;
import org.capataz.model.Share;

/// A connection to the head node of a cluster. Close it: it holds threads.
///
/// Every method may throw [CapatazException]. While no head node answers, requests are repeated for
/// [ConnectOptions#unreachableAfter], so that a head node that starts again is not noticed.
public interface Cluster extends AutoCloseable {

  /// Connects to the cluster that the environment names, see [ConnectOptions#ofEnvironment].
  static Cluster connect() {
    return connect(ConnectOptions.ofEnvironment());
  }

  /// Connects to a cluster.
  ///
  /// @param heads `HOST[:PORT]`, or several of them with commas between
  static Cluster connect(String heads) {
    return connect(ConnectOptions.of(heads));
  }

  /// Connects to a cluster. Nothing is sent yet: an unreachable head node shows at the first
  /// request.
  ///
  /// @throws CapatazException if an address is malformed, or no usable token is found
  static Cluster connect(ConnectOptions options) {
    return RemoteCluster.connect(options);
  }

  /// Puts a job into the queue. When this returns, the job is stored durably.
  default Job submit(JobDraft draft) {
    return submit(draft, UUID.randomUUID());
  }

  /// Puts a job into the queue under an id that the caller made, and may have kept: a repeat, from
  /// another process even, returns the same job.
  Job submit(JobDraft draft, UUID requestId);

  /// What would become of a job if it were submitted now. Nothing is stored.
  ///
  /// @throws CapatazException if it would be refused, as [#submit(JobDraft)] does
  DryRun tryOut(JobDraft draft);

  /// Stores a job in state Configuring, to which tasks may be added before [Job#submit].
  default Job create(JobDraft draft) {
    return create(draft, UUID.randomUUID());
  }

  /// Stores a job in state Configuring under an id that the caller made; a repeat returns the same
  /// job.
  Job create(JobDraft draft, UUID requestId);

  /// The job with this id. The head node is not asked: whether there is one shows at the first use.
  Job job(int id);

  /// Jobs, newest first, fetched page by page as the stream is read.
  Stream<JobStatus> jobs(JobFilter filter);

  /// What happens to all jobs.
  Watch watch(WatchOptions options);

  List<NodeStatus> nodes();

  /// The node of this name.
  ///
  /// @throws CapatazException with NOT_FOUND if there is no node of this name
  NodeStatus node(String name);

  /// Lets a node take tasks again.
  NodeStatus online(String name);

  /// Lets a node finish its tasks and take no others.
  NodeStatus offline(String name);

  /// Gives up a node that is unreachable, for an operator who knows that it will not come back:
  /// what runs there has ended, and runs elsewhere if it may run again. Should the node come back
  /// after all, what still runs on it is stopped; until then it may have run twice.
  ///
  /// @param message why, for those who ask later; may be empty
  NodeStatus lost(String name, String message);

  ClusterInfo info();

  /// What administrators have decided for the whole cluster.
  ClusterSettings settings();

  /// Sets parameters of the cluster and variables that all its tasks get: all of them or, if one is
  /// refused, none. Only administrators may.
  ///
  /// @param parameters an empty text brings a parameter's default back
  /// @param variables an empty value takes a variable away
  /// @return the settings after it
  ClusterSettings changeSettings(
      Map<ClusterParameter, String> parameters, Map<String, String> variables);

  /// The job template of that name, in any case; the one of the name Default always exists.
  ///
  /// @throws CapatazException with NOT_FOUND if there is none
  JobTemplate template(String name);

  /// Sets a job template: a new one, or another one in place of that of its name. Jobs that are in
  /// the queue already stay as they are. Only administrators may.
  ///
  /// @return the template as it was stored
  JobTemplate setTemplate(JobTemplate template);

  /// Deletes a job template. Only administrators may.
  ///
  /// @throws CapatazException with NOT_FOUND if there is none
  void deleteTemplate(String name);

  /// The first jobs of the queue, in the order in which they come to their turn.
  ///
  /// @param most how many; the head node has a bound of its own, which is at least 1000
  List<QueueEntry> queue(int most);

  /// What projects and users may expect of the cluster, and what they have used.
  ShareTree shares();

  /// Decides on the share of a project or a user, be it new or not. Only administrators may.
  ///
  /// @throws CapatazException with NOT_FOUND if a project above it is not in the tree
  void setShare(Share share);

  /// Takes a project or a user out of the share tree; what they have used is still counted. Only
  /// administrators may.
  ///
  /// @throws CapatazException with NOT_FOUND if it is not in the tree, or something is below it
  void deleteShare(Share.Of of);

  /// Writes a copy of the head node's database to a file here, as it is at some moment of the call;
  /// the head node goes on working meanwhile. `capataz head restore` puts it in place; keys and
  /// tokens are not in it. The file is there as a whole or not at all, in place of the one that was
  /// there, and only its owner may read it. Only administrators may.
  ///
  /// @throws IOException if it cannot be written
  void backup(Path file) throws IOException;

  /// Ends the connection, with all watches and output streams that were opened over it.
  @Override
  void close();
}
