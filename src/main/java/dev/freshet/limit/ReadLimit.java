package dev.freshet.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.Network;
import dev.freshet.platform.problem.ProblemException;
import io.github.bucket4j.Bucket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Counts reads. Each instance has buckets of its own and asks nobody, so that a page at hand stays one; what a client took
 * is settled with Redis afterwards, where it may go into debt, and the instance's bucket is made as empty as the common
 * one. So over a longer time the rate is exact over all instances; for a second or so, each may grant a whole bucket.
 */
public final class ReadLimit {

    static final Duration SETTLED = Duration.ofSeconds(1);

    private static final int MOST = 100_000;
    private static final Duration FORGOTTEN = Duration.ofHours(1);
    private static final int AT_ONCE = 16;

    // Who took less since the last time is no burden yet, and most readers never are.
    private static final int WORTH_SETTLING = 100;

    private record Whose(Policy policy, String client) {}

    private static final class Share {

        private final Bucket bucket;
        private final AtomicLong unsettled = new AtomicLong();

        Share(Bucket bucket) {
            this.bucket = bucket;
        }
    }

    private final LoadingCache<Whose, Share> shares = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterAccess(FORGOTTEN)
            .build(whose -> new Share(LocalBuckets.of(whose.policy())));
    private final @Nullable Policy perAddress;
    private final List<Network> exempt;
    private final @Nullable SharedBuckets shared;

    /**
     * @param perAddress null where addresses may read as much as they like
     * @param exempt networks that aren't counted
     * @param shared null where there is no Redis
     */
    ReadLimit(@Nullable Policy perAddress, List<Network> exempt, @Nullable SharedBuckets shared) {
        this.perAddress = perAddress;
        this.exempt = exempt;
        this.shared = shared;
    }

    /**
     * Counts a read that is answered at the web server, and tells the client what is left once it should know.
     *
     * @return the problem to answer with instead; null where the read may go on
     */
    public @Nullable ProblemException count(HttpServerRequest request, HttpServerResponse response) {
        InetSocketAddress address = request.remoteAddress();
        if (perAddress == null || address == null || Network.anyContains(exempt, address)) {
            return null;
        }
        var taken = take(perAddress, ClientAddress.of(address));
        if (taken.isScarce()) {
            taken.tell(response::addHeader);
        }
        return taken.granted() ? null : taken.problem();
    }

    Taken take(Policy policy, String client) {
        var share = shares.get(new Whose(policy, client));
        var probe = share.bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            share.unsettled.incrementAndGet();
        }
        return Taken.of(policy, probe);
    }

    /** Tells Redis what was taken here, and learns what was taken elsewhere. Where Redis is away, later. */
    Mono<Void> settle() {
        var common = shared;
        return common == null
                ? Mono.empty()
                : Flux.fromIterable(shares.asMap().entrySet())
                        .filter(entry -> isWorthSettling(entry.getKey(), entry.getValue()))
                        .flatMap(entry -> settle(common, entry.getKey(), entry.getValue()), AT_ONCE)
                        .then();
    }

    private static boolean isWorthSettling(Whose whose, Share share) {
        return share.unsettled.get() > whose.policy().budget().requests() / WORTH_SETTLING;
    }

    private static Mono<Void> settle(SharedBuckets common, Whose whose, Share share) {
        var took = share.unsettled.getAndSet(0);
        return common.settle(whose.policy(), whose.client(), took)
                .doOnNext(left -> {
                    var excess = share.bucket.getAvailableTokens() - (left - share.unsettled.get());
                    if (excess > 0) {
                        share.bucket.consumeIgnoringRateLimits(excess);
                    }
                })
                .onErrorResume(failure -> {
                    share.unsettled.addAndGet(took);
                    return Mono.empty();
                })
                .then();
    }
}
