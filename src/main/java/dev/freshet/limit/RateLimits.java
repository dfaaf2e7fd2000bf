package dev.freshet.limit;

import dev.freshet.platform.http.IpNetwork;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Takes requests from buckets: reads from those of this instance, all others from the shared ones if Redis answers. */
final class RateLimits {

    private final List<IpNetwork> exempt;
    private final ReadBuckets reads;
    private final @Nullable SharedBuckets shared;
    private final LocalBuckets local = new LocalBuckets();

    /** @param shared null without Redis */
    RateLimits(List<IpNetwork> exempt, ReadBuckets reads, @Nullable SharedBuckets shared) {
        this.exempt = exempt;
        this.reads = reads;
        this.shared = shared;
    }

    boolean isExempt(@Nullable InetSocketAddress address) {
        return address != null && IpNetwork.anyContains(exempt, address);
    }

    RateDecision takeRead(RatePolicy policy, String client) {
        return reads.take(new BucketKey(policy, client));
    }

    boolean refusesRead(RatePolicy policy, String client) {
        return reads.isEmpty(new BucketKey(policy, client));
    }

    Mono<RateDecision> take(RatePolicy policy, String client) {
        if (policy.category() == RequestCategory.READS) {
            return Mono.fromSupplier(() -> takeRead(policy, client));
        }
        var key = new BucketKey(policy, client);
        return shared == null
                ? Mono.fromSupplier(() -> local.take(key))
                : shared.take(key)
                        .onErrorResume(failure -> Mono.fromSupplier(() -> local.take(key)))
                        // The rest of the request is no work for the threads of the Redis connections.
                        .publishOn(Schedulers.parallel());
    }
}
