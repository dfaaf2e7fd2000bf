package dev.freshet.load.pages;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Supplier;

/**
 * The same requests to several peers.
 *
 * @param requests makes the requests of one run
 * @param expected what every answer is to be
 */
record Scenario(String name, List<Peer> peers, Supplier<Supplier<ByteBuf>> requests, Load.Expected expected) {

    Scenario {
        peers = List.copyOf(peers);
    }
}
