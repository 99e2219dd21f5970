package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A network of the kernel's: head node and nodes each have a namespace of their own, clients are
/// outside of these, and a pair of interfaces leads from everybody to the head node. What is lost
/// there is lost without a word, as on a cable that somebody pulls; TCP sends it again, late or
/// twice.
final class Namespaces implements Network {

  /// Of the addresses that are set apart for tests of networks.
  private static final String SUBNET = "198.18.";

  private static final String HEAD_ADDRESS = SUBNET + "0.1";
  private static final String HEAD = "head";

  /// An address that no interface has, so that nobody takes what is sent to it.
  private static final String NOBODY = "02:00:00:00:00:01";

  /// Namespaces and the interface of clients are seen by all of this machine.
  private final String mark = "cz" + ProcessHandle.current().pid();

  private final Map<String, Cable> cables = new ConcurrentHashMap<>();

  Namespaces() {
    ip("netns", "add", place(HEAD));
    in(HEAD, "link", "set", "lo", "up");
    in(HEAD, "address", "add", HEAD_ADDRESS + "/32", "dev", "lo");
  }

  private String place(String name) {
    return mark + "-" + name;
  }

  @Override
  public String address() {
    return HEAD_ADDRESS + ":5800";
  }

  @Override
  public List<String> entrance() {
    return List.of("nsenter", "--net=/run/netns/" + place(HEAD));
  }

  @Override
  public List<String> entrance(String node) {
    var _ = link(node);
    return List.of("nsenter", "--net=/run/netns/" + place(node));
  }

  @Override
  public Link link(String name) {
    return cables.computeIfAbsent(name, _ -> new Cable(name, cables.size() + 1));
  }

  /// From somebody to the head node, where its end has the name of whom it leads to.
  private final class Cable implements Link {
    private final String name;
    private final String near;
    private final String nearAddress;
    private final String farAddress;
    private final String nearHardware;
    private final String farHardware;

    Cable(String name, int number) {
      this.name = name;
      var isOutside = name.equals(CLIENTS);
      near = isOutside ? mark : "uplink";
      nearAddress = SUBNET + number + ".2";
      farAddress = SUBNET + number + ".1";
      nearHardware = "02:00:00:01:%02x:02".formatted(number);
      farHardware = "02:00:00:01:%02x:01".formatted(number);
      if (!isOutside) {
        ip("netns", "add", place(name));
        in(name, "link", "set", "lo", "up");
      }
      var place = isOutside ? Long.toString(ProcessHandle.current().pid()) : place(name);
      in(
          HEAD,
          "link",
          "add",
          name,
          "address",
          farHardware,
          "type",
          "veth",
          "peer",
          "name",
          near,
          "address",
          nearHardware,
          "netns",
          place);
      in(name, "address", "add", nearAddress + "/30", "dev", near);
      in(name, "link", "set", near, "up");
      in(HEAD, "address", "add", farAddress + "/30", "dev", name);
      heal();
      in(name, "route", "add", HEAD_ADDRESS + "/32", "via", farAddress, "dev", near);
    }

    @Override
    public String address() {
      return Namespaces.this.address();
    }

    @Override
    public synchronized void cut() {
      hold(true, true);
      heal();
    }

    @Override
    public synchronized void hold(boolean there, boolean back) {
      in(HEAD, "link", "set", name, there && back ? "down" : "up");
      if (!(there && back)) {
        // Nobody asks where to send to.
        sendTo(name, farAddress, there ? NOBODY : farHardware, near);
        sendTo(HEAD, nearAddress, back ? NOBODY : nearHardware, name);
      }
    }

    private void sendTo(String from, String address, String hardware, String device) {
      in(from, "neighbour", "replace", address, "lladdr", hardware, "dev", device);
    }

    @Override
    public void slow(long millis) {
      throw new UnsupportedOperationException("not every kernel can");
    }

    @Override
    public void heal() {
      hold(false, false);
    }
  }

  /// Changes something where somebody is.
  private void in(String name, String... arguments) {
    ip(
        Stream.concat(
                name.equals(CLIENTS) ? Stream.of() : Stream.of("-n", place(name)),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  private static void ip(String... arguments) {
    var command = Stream.concat(Stream.of("ip"), Stream.of(arguments)).toList();
    try {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
          .as("%s", command)
          .isZero();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// The interfaces go with the namespace that has their other end.
  @Override
  public void close() {
    cables.keySet().stream()
        .filter(name -> !name.equals(CLIENTS))
        .forEach(name -> ip("netns", "delete", place(name)));
    ip("netns", "delete", place(HEAD));
  }
}
