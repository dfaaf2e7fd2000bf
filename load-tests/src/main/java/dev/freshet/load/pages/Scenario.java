package dev.freshet.load.pages;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The same pages of several peers.
 *
 * @param requests creates the requests of one run to a peer
 * @param expected the expected response
 */
record Scenario(String name, List<Peer> peers, Function<Peer, Supplier<ByteBuf>> requests, Load.Expected expected) {

    Scenario {
        peers = List.copyOf(peers);
    }
}
