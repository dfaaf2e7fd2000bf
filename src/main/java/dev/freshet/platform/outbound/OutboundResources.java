package dev.freshet.platform.outbound;

import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/**
 * The resources that all outbound clients share.
 *
 * @param resolvers refuse addresses that are not public
 * @param loops the event loops of connections
 * @param threads for the preparation of requests: a signature, or the files that a first connection loads. Nothing else runs
 *     on them, so that no blocked file or thread elsewhere delays a request.
 */
record OutboundResources(
        AddressResolverGroup<InetSocketAddress> resolvers, Supplier<LoopResources> loops, Scheduler threads) {}
