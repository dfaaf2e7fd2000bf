package dev.freshet.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.IpNetwork;
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
 * Counts reads. Each instance has buckets of its own, so that a cached page needs no request to Redis. Reads are
 * settled with Redis afterwards: the shared bucket may go into debt, and the instance's bucket is reduced to it. So
 * over time the rate is exact over all instances, while each may grant a whole bucket for about a second.
 */
public final class ReadLimit {

    static final Duration SETTLED = Duration.ofSeconds(1);

    private static final int MOST = 100_000;
    private static final Duration FORGOTTEN = Duration.ofHours(1);
    private static final int AT_ONCE = 16;

    // Clients with fewer reads since the last settlement are skipped; most readers never reach this.
    private static final int WORTH_SETTLING = 100;

    private record Whose(RatePolicy policy, String client) {}

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
    private final @Nullable RatePolicy perAddress;
    private final List<IpNetwork> exempt;
    private final @Nullable SharedBuckets shared;

    /**
     * Creates the counter.
     *
     * @param perAddress null for no limit
     * @param exempt networks that are not counted
     * @param shared null without Redis
     */
    ReadLimit(@Nullable RatePolicy perAddress, List<IpNetwork> exempt, @Nullable SharedBuckets shared) {
        this.perAddress = perAddress;
        this.exempt = exempt;
        this.shared = shared;
    }

    /**
     * Counts a read that the fast path answers, and reports the rest of the budget once it is scarce.
     *
     * @return the problem to respond with; null where the read may proceed
     */
    public @Nullable ProblemException count(HttpServerRequest request, HttpServerResponse response) {
        InetSocketAddress address = request.remoteAddress();
        if (perAddress == null || address == null || IpNetwork.anyContains(exempt, address)) {
            return null;
        }
        var taken = take(perAddress, ClientAddress.of(address));
        if (taken.isScarce()) {
            taken.tell(response::addHeader);
        }
        return taken.granted() ? null : taken.problem();
    }

    RateDecision take(RatePolicy policy, String client) {
        var share = shares.get(new Whose(policy, client));
        var probe = share.bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            share.unsettled.incrementAndGet();
        }
        return RateDecision.of(policy, probe);
    }

    /**
     * Settles with Redis the reads granted here and elsewhere. If Redis is unavailable, the next settlement includes
     * them.
     */
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
