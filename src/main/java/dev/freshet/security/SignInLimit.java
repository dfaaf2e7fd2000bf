package dev.freshet.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.freshet.problem.Problem;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * How often an address may try passwords: a few times for one account, more often for several. It counts by address, so
 * nobody can lock out others; each instance counts for itself.
 */
@Component
class SignInLimit {

    private static final int MOST = 100_000;
    private static final Duration FORGOTTEN = Duration.ofMinutes(30);

    private record Attempt(String address, String name) {}

    private final LoadingCache<Attempt, Bucket> byName = buckets(5, Duration.ofMinutes(2));
    private final LoadingCache<String, Bucket> byAddress = buckets(60, Duration.ofMinutes(5));

    private static <K> LoadingCache<K, Bucket> buckets(long tries, Duration in) {
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(FORGOTTEN)
                .build(key -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(tries).refillGreedy(tries, in))
                        .build());
    }

    /** Counts an attempt to be one account, or throws the problem that there were too many. */
    void count(String address, String name) {
        count(address);
        require(byName.get(new Attempt(address, name.toLowerCase(Locale.ROOT))));
    }

    /** Counts an attempt of another kind. */
    void count(String address) {
        require(byAddress.get(address));
    }

    private static void require(Bucket bucket) {
        if (!bucket.tryConsume(1)) {
            throw Problem.TOO_MANY_REQUESTS.because("There were too many attempts from your address.");
        }
    }

    /** It was the right password: who mistyped it before starts anew. */
    void succeeded(String address, String name) {
        byName.invalidate(new Attempt(address, name.toLowerCase(Locale.ROOT)));
    }
}
