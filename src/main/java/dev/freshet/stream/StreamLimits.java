package dev.freshet.stream;

import dev.freshet.platform.WireName;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts open streams by instance, address and principal, and refuses those beyond what each may have. Thread-safe. */
final class StreamLimits {

    /** The limit that was reached. */
    enum Limit implements WireName {
        INSTANCE,
        ADDRESS,
        PRINCIPAL;

        @Override
        public String toString() {
            return wireName();
        }
    }

    private static final int MAX_DEFAULT = 100_000;

    private final int ofInstance;
    private final int ofAddress;
    private final int ofPrincipal;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> byPrincipal = new ConcurrentHashMap<>();

    /** @param maxConnections the number of connections for which the limit of open files leaves room */
    StreamLimits(StreamSettings settings, int maxConnections) {
        // Below the limit of connections, so that a browser receives a closing event instead of a closed connection.
        this.ofInstance = Objects.requireNonNullElseGet(
                settings.maxStreams(), () -> Math.clamp(maxConnections / 10L * 9, 1, MAX_DEFAULT));
        this.ofAddress = Objects.requireNonNullElseGet(settings.maxPerAddress(), () -> Math.max(1, ofInstance / 10));
        this.ofPrincipal = settings.maxPerPrincipal();
    }

    /** Returns the count of open streams. */
    int open() {
        return open.get();
    }

    /** Returns the maximum of the instance. */
    int max() {
        return ofInstance;
    }

    /** Returns the maximum of an address. */
    int maxPerAddress() {
        return ofAddress;
    }

    /** Counts a stream of a client, or returns the limit that forbids it. A counted stream must be released once. */
    @Nullable
    Limit acquire(StreamClient client) {
        if (open.incrementAndGet() > ofInstance) {
            open.decrementAndGet();
            return Limit.INSTANCE;
        }
        if (byAddress.merge(client.address(), 1, Integer::sum) > ofAddress) {
            release(byAddress, client.address());
            open.decrementAndGet();
            return Limit.ADDRESS;
        }
        var principal = client.principal();
        if (principal != null && byPrincipal.merge(principal, 1, Integer::sum) > ofPrincipal) {
            release(client);
            return Limit.PRINCIPAL;
        }
        return null;
    }

    void release(StreamClient client) {
        open.decrementAndGet();
        release(byAddress, client.address());
        if (client.principal() != null) {
            release(byPrincipal, client.principal());
        }
    }

    private static void release(ConcurrentMap<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (counted, count) -> count == 1 ? null : count - 1);
    }
}
