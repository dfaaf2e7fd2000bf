package dev.freshet.platform.outbound;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;

/**
 * Resolves names to those of their addresses that are permitted targets. The connection uses exactly these addresses,
 * so a name that resolves differently a moment later has no effect. Literal addresses are checked as well.
 */
final class CheckedResolverGroup extends AddressResolverGroup<InetSocketAddress> {

    private final SingletonSupplier<AddressResolverGroup<InetSocketAddress>> names;
    private final Targets targets;

    /** @param names resolves to all addresses; created on first use */
    CheckedResolverGroup(Supplier<AddressResolverGroup<InetSocketAddress>> names, Targets targets) {
        this.names = SingletonSupplier.of(names);
        this.targets = targets;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new CheckedResolver(executor, names.obtain().getResolver(executor));
    }

    private final class CheckedResolver extends AbstractAddressResolver<InetSocketAddress> {

        private final AddressResolver<InetSocketAddress> resolver;

        private CheckedResolver(EventExecutor executor, AddressResolver<InetSocketAddress> resolver) {
            super(executor, InetSocketAddress.class);
            this.resolver = resolver;
        }

        /** Never resolved already, so that literal addresses are checked too. */
        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return false;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the promise receives the result
        protected void doResolve(InetSocketAddress address, Promise<InetSocketAddress> promise) {
            resolveAll(address).addListener((Future<List<InetSocketAddress>> found) -> {
                if (found.isSuccess()) {
                    promise.trySuccess(found.getNow().getFirst());
                } else {
                    promise.tryFailure(found.cause());
                }
            });
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the promise receives the result
        protected void doResolveAll(InetSocketAddress address, Promise<List<InetSocketAddress>> promise) {
            if (!address.isUnresolved()) {
                complete(address, List.of(address), promise);
                return;
            }
            resolver.resolveAll(address).addListener((Future<List<InetSocketAddress>> found) -> {
                if (found.isSuccess()) {
                    complete(address, found.getNow(), promise);
                } else {
                    promise.tryFailure(found.cause());
                }
            });
        }

        private void complete(
                InetSocketAddress requested, List<InetSocketAddress> found, Promise<List<InetSocketAddress>> promise) {
            var allowed = found.stream()
                    .filter(address -> targets.allow(requested.getHostString(), address))
                    .toList();
            if (allowed.isEmpty()) {
                // The same error as for an unknown name, so that internal names are not revealed.
                promise.tryFailure(new UnknownHostException("no public address"));
            } else {
                promise.trySuccess(allowed);
            }
        }
    }
}
