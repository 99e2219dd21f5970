package org.capataz.headnode.rpc;

import org.capataz.headnode.view.JobView;
import org.capataz.headnode.view.NodeView;
import org.capataz.model.CoreSet;
import org.capataz.proto.v1.Inventory;
import org.capataz.proto.v1.JobSummary;
import org.capataz.proto.v1.NodeSummary;
import org.capataz.proto.v1.TaskCounts;
import org.capataz.scheduler.state.Job;

/// Views as messages.
final class Messages {

  private Messages() {}

  static JobSummary job(JobView job) {
    return JobSummary.newBuilder()
        .setId(job.id())
        .setName(job.name())
        .setOwner(job.owner())
        .setState(job.state().flag())
        .setPriority(job.priority().value())
        .setCreateTime(job.times().create())
        .setSubmitTime(job.times().submit())
        .setStartTime(job.times().start())
        .setEndTime(job.times().end())
        .setTaskCounts(counts(job.counts()))
        .setMessage(job.message())
        .setMinCores(job.units().min())
        .setMaxCores(job.units().max())
        .setAllocatedCores(job.allocatedCores())
        .setRequeueCount(job.requeues())
        .setProject(job.labels().project())
        .setTemplate(job.labels().template())
        .setProgress(job.progress().percent())
        .setProgressMessage(job.progress().message())
        .setUnit(job.unit().modelName())
        .build();
  }

  static TaskCounts counts(Job.Counts counts) {
    return TaskCounts.newBuilder()
        .setQueued(counts.queued())
        .setRunning(counts.running())
        .setFinished(counts.finished())
        .setFailed(counts.failed())
        .setCanceled(counts.canceled())
        .build();
  }

  static NodeSummary node(NodeView node) {
    var offer = node.offer();
    var found = offer.found();
    return NodeSummary.newBuilder()
        .setId(node.id())
        .setName(node.name())
        .setState(node.online() ? "Online" : node.draining() ? "Draining" : "Offline")
        .setReachable(node.reachable())
        .setUnreachableSince(node.reachable() ? 0 : node.reachabilitySince())
        .setCores(offer.cores())
        .setBusyCores(node.busyCores())
        .setMemoryMb(offer.memoryMb())
        .setReservedMemoryMb(node.reservedMemoryMb())
        .setInventory(
            Inventory.newBuilder()
                .setCores(found.cores())
                .setSockets(found.sockets())
                .setMemoryMb(found.memoryMb())
                .setOperatingSystem(found.operatingSystem())
                .setArchitecture(found.architecture())
                .addAllGpus(found.gpus()))
        .addAllGroups(offer.groups())
        .setOversubscribed(offer.oversubscribed())
        .addAllSocketCores(offer.topology().sockets().stream().map(CoreSet::size).toList())
        .setGpus(offer.topology().gpus())
        .setBusyGpus(node.busy().gpus().size())
        .setExclusive(node.exclusive())
        .addAllJobs(node.jobs())
        .build();
  }
}
