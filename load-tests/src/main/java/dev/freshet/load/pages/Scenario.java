package dev.freshet.load.pages;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Supplier;

/**
 * The same requests to several peers.
 *
 * @param requests creates the requests of one run
 * @param expected the expected response
 */
record Scenario(String name, List<Peer> peers, Supplier<Supplier<ByteBuf>> requests, Load.Expected expected) {

    Scenario {
        peers = List.copyOf(peers);
    }
}
