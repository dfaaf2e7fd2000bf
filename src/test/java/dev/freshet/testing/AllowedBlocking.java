package dev.freshet.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** The blocking calls that may happen on an event loop, each with the reason why it costs no time there. */
public final class AllowedBlocking implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        // Reads /dev/urandom, which never waits once the system has started; SCRAM makes a nonce with it.
        builder.allowBlockingCallsInside("java.security.SecureRandom", "nextBytes");
        // The event loop of connections without sockets waits so for work.
        builder.allowBlockingCallsInside("io.netty.channel.local.LocalIoHandler", "run");
        // Netty's own lock around a handful of fields, taken when event loops contend for its buffers.
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free");
        // Lettuce's own, taken for moments when a connection is written to or closed. An error out of the first would
        // leave it locked for ever: the counter that follows is taken back, though it was not taken.
        builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters");
        builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "doExclusive");
        // The AWS SDK's connections are closed so, one after the other, on Netty's thread for such matters.
        builder.allowBlockingCallsInside("io.netty.channel.pool.SimpleChannelPool", "close");
    }
}
