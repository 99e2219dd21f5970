package org.capataz.wire;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.capataz.model.Result;
import org.capataz.model.Text;

/// Where a head node listens.
///
/// @param host a name, an IPv4 address, or an IPv6 address without brackets; in lower case
/// @param port 0 to 65535, where 0 lets a head node pick one
public record HeadAddress(String host, int port) {

  public static final int DEFAULT_PORT = 5800;

  private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?");
  private static final Pattern V6 = Pattern.compile("[0-9a-f:.]{2,45}");
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]]+))(?::(\\d{1,5}))?");

  public HeadAddress {
    host = host.toLowerCase(Locale.ROOT);
    if ((!isName(host) && !isV6(host)) || port < 0 || port > 65535) {
      throw new IllegalArgumentException("address " + Text.shown(host) + " port " + port);
    }
  }

  /// Reads `HOST`, `HOST:PORT` or `[IPV6]:PORT`; the port is [#DEFAULT_PORT] where it is left out.
  public static Result<HeadAddress> parse(String text) {
    var match = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (match.matches()) {
      var bracketed = match.group(1);
      var host = bracketed == null ? match.group(2) : bracketed;
      var port = match.group(3) == null ? DEFAULT_PORT : Integer.parseInt(match.group(3));
      if ((bracketed == null ? isName(host) : isV6(host)) && port <= 65535) {
        return Result.ok(new HeadAddress(host, port));
      }
    }
    return Result.invalid(
        "expected an address such as head.example.org:5800, 10.0.0.1:5800 or [::1]:5800, but got '"
            + Text.shown(text)
            + "'");
  }

  /// Reads addresses with commas between, at least one.
  public static Result<List<HeadAddress>> parseList(String text) {
    var addresses = new ArrayList<HeadAddress>();
    for (var part : text.split(",", -1)) {
      switch (parse(part)) {
        case Result.Ok<HeadAddress>(var address) -> addresses.add(address);
        case Result.Refused<HeadAddress>(var refusal) -> {
          return Result.refused(refusal);
        }
      }
    }
    return Result.ok(List.copyOf(addresses));
  }

  /// Whether what is sent there cannot leave this machine: judged by the text alone, for whatever a
  /// name server says may be different the next time.
  public boolean isLoopback() {
    return loopback().isPresent();
  }

  /// The address that a loopback host stands for; empty for any other.
  public Optional<InetAddress> loopback() {
    if (host.equals("localhost")) {
      return Optional.of(InetAddress.getLoopbackAddress());
    }
    return literal(host).filter(InetAddress::isLoopbackAddress);
  }

  /// An IP address in writing; names are not looked up.
  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  /// Whether it stands for all addresses of the machine.
  public boolean isWildcard() {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  public HeadAddress withPort(int other) {
    return new HeadAddress(host, other);
  }

  private static boolean isName(String host) {
    return NAME.matcher(host).matches();
  }

  private static boolean isV6(String host) {
    return host.indexOf(':') >= 0 && V6.matcher(host).matches() && literal(host).isPresent();
  }

  /// In the form that [#parse] reads.
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
