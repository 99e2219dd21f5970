package org.capataz.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How to reach a cluster. Immutable: each method returns changed options.
///
/// ```java
/// var options = ConnectOptions.of("head1:5800,head2:5800").withRequestTimeout(Duration.ofMinutes(2));
/// ```
public final class ConnectOptions {

  private static final String DEFAULT_HEADS = "127.0.0.1:5800";

  private final String heads;
  private final @Nullable Path tokenFile;
  private final Duration requestTimeout;
  private final Duration unreachableAfter;

  private ConnectOptions(
      String heads, @Nullable Path tokenFile, Duration requestTimeout, Duration unreachableAfter) {
    this.heads = heads;
    this.tokenFile = tokenFile;
    this.requestTimeout = positive(requestTimeout);
    this.unreachableAfter = positive(unreachableAfter);
  }

  private static Duration positive(Duration timeout) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("expected a positive time, but got " + timeout);
    }
    return timeout;
  }

  /// Options for the head nodes of one cluster.
  ///
  /// @param heads `HOST[:PORT]`, or several of them with commas between, tried in turn
  public static ConnectOptions of(String heads) {
    return new ConnectOptions(heads, null, Duration.ofSeconds(60), Duration.ofSeconds(10));
  }

  /// Options for the head nodes that the environment variable `CAPATAZ_HEAD` names, or else for the
  /// one on this machine.
  public static ConnectOptions ofEnvironment() {
    var heads = System.getenv("CAPATAZ_HEAD");
    return of(heads == null || heads.isBlank() ? DEFAULT_HEADS : heads);
  }

  /// The file with the token, in place of the one that `CAPATAZ_TOKEN_FILE` names or that is found
  /// under `$XDG_CONFIG_HOME/capataz`.
  public ConnectOptions withTokenFile(Path file) {
    return new ConnectOptions(heads, file, requestTimeout, unreachableAfter);
  }

  /// How long one request may take in all, repetitions included: one minute by default.
  public ConnectOptions withRequestTimeout(Duration timeout) {
    return new ConnectOptions(heads, tokenFile, timeout, unreachableAfter);
  }

  /// How long a request is repeated while no head node can be reached: ten seconds by default.
  public ConnectOptions withUnreachableAfter(Duration timeout) {
    return new ConnectOptions(heads, tokenFile, requestTimeout, timeout);
  }

  public String heads() {
    return heads;
  }

  public Optional<Path> tokenFile() {
    return Optional.ofNullable(tokenFile);
  }

  public Duration requestTimeout() {
    return requestTimeout;
  }

  public Duration unreachableAfter() {
    return unreachableAfter;
  }
}
