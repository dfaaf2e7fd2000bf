package dev.freshet.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Blocking calls that are allowed on an event loop, each with the reason. */
public final class AllowedBlocking implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        // Reads /dev/urandom for a nonce of SCRAM, which never waits once the system has started.
        builder.allowBlockingCallsInside("java.security.SecureRandom", "nextBytes");
        // The event loop of connections without sockets waits here for work.
        builder.allowBlockingCallsInside("io.netty.channel.local.LocalIoHandler", "run");
        // Netty's lock around a handful of fields, contended by event loops that free buffers.
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free");
        // Lettuce's lock, held for moments while a connection is written to or closed. An error out of the first would
        // leave it locked for ever, since the counter is decremented without having been incremented.
        builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters");
        builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "doExclusive");
        // The AWS SDK closes its connections one after the other, on a thread of Netty for this purpose.
        builder.allowBlockingCallsInside("io.netty.channel.pool.SimpleChannelPool", "close");
        // The lock of a queue, held while an element is added. Contended when requests need the same executor at the
        // same time.
        builder.allowBlockingCallsInside("java.util.concurrent.LinkedBlockingQueue", "offer");
        // The lock of Reactor's timers, held while one is removed, as each time limit that is not reached does. Reactor
        // itself allows it for a timer that is added.
        builder.allowBlockingCallsInside("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "remove");
        // Jackson's lock around the first use of a type, contended when requests need the type at the same time.
        builder.allowBlockingCallsInside(
                "tools.jackson.databind.deser.DeserializerCache", "_createAndCacheValueDeserializer");
    }
}
