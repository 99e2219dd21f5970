package org.capataz.computenode.agent;

import java.util.List;
import java.util.concurrent.Executor;
import org.capataz.model.Result;
import org.capataz.wire.HeadAddress;
import org.capataz.wire.HeadChannel;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;

/// Head nodes that are shown the node's token. The token is read again for each connection, so that
/// a new one needs no restart.
final class TokenHeads implements HeadNodes {

  private final List<HeadAddress> addresses;
  private final TokenFiles tokens;
  private int next;

  TokenHeads(List<HeadAddress> addresses, TokenFiles tokens) {
    this.addresses = List.copyOf(addresses);
    this.tokens = tokens;
  }

  @Override
  public Result<Way> next() {
    var address = addresses.get(next++ % addresses.size());
    // What arrives is only put into the agent's inbox: nothing there waits.
    Executor inline = Runnable::run;
    return tokens
        .find(Token.Kind.NODE, addresses)
        .then(token -> HeadChannel.open(address, token, inline))
        .then(channel -> Result.ok(new Way(address.toString(), channel.channel(), channel::close)));
  }
}
