/// The programmatic job API: what the command line itself uses.
///
/// ```java
/// try (var cluster = Cluster.connect("head.example.org:5800")) {
///   var job = cluster.submit(JobBuilder.named("hello").task(t -> t.command("echo", "hello")).build());
///   System.out.println(job.await().state());
/// }
/// ```
///
/// [org.capataz.client.Cluster] and [org.capataz.client.Job] talk to the head node, and every call
/// on them blocks until it has answered; they may be used from any number of threads, virtual ones
/// included. All else is immutable data, but for the builders. Whatever goes wrong is a
/// [org.capataz.client.CapatazException] with one line for the person who asked.
///
/// Interfaces grow methods and records grow components from version to version: programs should
/// read them, and leave implementing and constructing them to this package and to tests.
@NullMarked
package org.capataz.client;

import org.jspecify.annotations.NullMarked;
