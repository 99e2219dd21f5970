package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.capataz.client.Cluster;
import org.capataz.client.JobBuilder;
import org.capataz.client.JobFilter;
import org.capataz.client.JobStatus;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.proto.v1.CreateJobRequest;
import org.capataz.proto.v1.JobEvent;
import org.capataz.proto.v1.JobReply;
import org.capataz.proto.v1.SchedulerGrpc;
import org.capataz.proto.v1.WatchRequest;
import org.capataz.wire.Drafts;
import org.capataz.wire.Identities;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A head node with little memory, asked for more than it can do by many, and by some who mean it
/// badly: they are refused, or their time ends, and all others are served.
final class OverloadIT {

  private static final int CLIENTS = 1000;
  private static final int WATCHERS = 500;
  private static final int OFFENDERS = 40;
  private static final int GIGABYTE = 1 << 30;

  /// A request that is as large as it may be, nearly.
  private static final int LARGE = 6 << 20;

  /// So many that what they send would be more than the memory.
  private static final int LARGE_OFFENDERS = 100;

  private static final int SMALL = 1000;
  private static final int CALM = 100;
  private static final int CANCELED = 100;

  private static final String SUBMIT = SchedulerGrpc.getCreateJobMethod().getFullMethodName();
  private static final String WATCH = SchedulerGrpc.getWatchMethod().getFullMethodName();

  @RegisterExtension private final Site site = new Site();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Collection<AutoCloseable> open = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch begun = new CountDownLatch(2 * OFFENDERS + LARGE_OFFENDERS);

  @AfterEach
  void closeAll() throws Exception {
    for (var one : List.copyOf(open)) {
      one.close();
    }
    threads.shutdownNow();
  }

  @Test
  void whoAsksForTooMuchIsRefusedAndAllOthersAreServed() throws Exception {
    var head = HeadProcess.start(site, List.of("-Xmx256m"));
    try (var cluster = head.connect()) {
      var first = cluster.submit(job("first"));
      var bytes = head.vitals().liveBytes();
      var files = head.vitals().openFiles();

      var garbage = times(OFFENDERS, i -> () -> garbage(head, i));
      var silent = times(OFFENDERS, i -> () -> silence(head));
      var huge = times(OFFENDERS, i -> () -> half(head, GIGABYTE, SMALL));
      var large = times(LARGE_OFFENDERS, i -> () -> half(head, LARGE, LARGE / 6 * 5));
      var slow = times(OFFENDERS, i -> () -> half(head, SMALL, SMALL / 2));
      begun.await();
      var clients = times(CLIENTS, i -> () -> submit(head, "client" + i));
      var calm = submitOneByOne(cluster);

      var jobs = results(clients);
      jobs.addAll(calm);
      jobs.add(first.id());
      assertThat(results(huge)).containsOnly(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(results(slow)).containsOnly(Status.Code.DEADLINE_EXCEEDED);
      assertThat(results(large))
          .isSubsetOf(Status.Code.RESOURCE_EXHAUSTED, Status.Code.DEADLINE_EXCEEDED)
          .contains(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(results(garbage)).containsOnly(Status.Code.UNAVAILABLE);
      assertThat(results(silent)).containsOnly(Status.Code.UNAVAILABLE);
      assertThat(cluster.jobs(JobFilter.all()).map(JobStatus::id))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(jobs);

      // These never read what comes to them, which is all from the beginning.
      results(times(WATCHERS / 2, i -> () -> watch(head, 1)));
      var canceled = jobs.stream().limit(CANCELED).collect(Collectors.toSet());
      var now = cluster.info().sequence();
      var watchers = times(WATCHERS / 2, i -> () -> watch(head, now, canceled));
      for (var job : canceled) {
        cluster.job(job).cancel("enough");
      }
      assertThat(results(watchers)).containsOnly(canceled);

      closeAll();
      Patience.until("its file descriptors back", () -> head.vitals().openFiles() <= files + 2);
      assertThat(head.vitals().liveBytes()).isLessThan(bytes + (32 << 20));
    }
  }

  /// Jobs of somebody who waits for each.
  private static List<Integer> submitOneByOne(Cluster cluster) {
    var jobs = new ArrayList<Integer>();
    for (var i = 0; i < CALM; i++) {
      var job = cluster.submit(job("calm" + i));
      assertThat(job.status().state()).isEqualTo(JobState.QUEUED);
      jobs.add(job.id());
    }
    return jobs;
  }

  /// A client that stays connected, and tries again for as long as it is asked to.
  private int submit(HeadProcess head, String name) throws IOException {
    var request =
        CreateJobRequest.newBuilder()
            .setRequestId(Identities.toBytes(UUID.randomUUID()))
            .setDraft(Drafts.toMessage(job(name)))
            .setSubmit(true)
            .build();
    while (true) {
      var call = open(head);
      call.begin(SUBMIT, bearer(head));
      call.send(request);
      var answer = call.message();
      if (answer != null) {
        return JobReply.parseFrom(answer).getJob().getId();
      }
      assertThat(call.end()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
  }

  private Status.Code garbage(HeadProcess head, int seed) throws IOException {
    var bytes = new byte[SMALL];
    new Random(seed).nextBytes(bytes);
    var call = open(head);
    call.send(bytes);
    return call.end();
  }

  private Status.Code silence(HeadProcess head) throws IOException {
    var call = open(head);
    call.send(Arrays.copyOf(RawCall.preface(), RawCall.preface().length / 2));
    return call.end();
  }

  /// Announces a message, and sends no more than some of it.
  private Status.Code half(HeadProcess head, int announced, int sent) throws IOException {
    var call = open(head);
    call.begin(SUBMIT, bearer(head));
    call.announce(announced);
    begun.countDown();
    call.body(new byte[sent], false);
    return call.end();
  }

  private RawCall watch(HeadProcess head, long after) throws IOException {
    var call = open(head);
    call.begin(WATCH, bearer(head));
    call.send(WatchRequest.newBuilder().setAfter(after).setInstances(true).build());
    return call;
  }

  /// Watches until all these jobs are Canceled.
  ///
  /// @return those that are
  private Set<Integer> watch(HeadProcess head, long after, Set<Integer> jobs) throws IOException {
    var call = watch(head, after);
    var canceled = new HashSet<Integer>();
    while (!canceled.equals(jobs)) {
      var job = JobEvent.parseFrom(Objects.requireNonNull(call.message())).getJob();
      if (job.getState() == JobState.CANCELED.flag()) {
        canceled.add(job.getId());
      }
    }
    return canceled;
  }

  private RawCall open(HeadProcess head) throws IOException {
    var call = new RawCall(head.address());
    open.add(call);
    return call;
  }

  private static String bearer(HeadProcess head) {
    return TokenFiles.read(Token.Kind.CLIENT, head.clientToken()).orElseThrow().bearer();
  }

  private static JobDraft job(String name) {
    return JobBuilder.named(name).task(t -> t.command("true")).build();
  }

  /// Does the same so many times at once.
  private <T> List<Future<T>> times(int number, IntFunction<Callable<T>> work) {
    return IntStream.range(0, number).mapToObj(i -> threads.submit(work.apply(i))).toList();
  }

  private static <T> List<T> results(List<Future<T>> works) throws Exception {
    var results = new ArrayList<T>();
    for (var work : works) {
      results.add(work.get(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS));
    }
    return results;
  }
}
