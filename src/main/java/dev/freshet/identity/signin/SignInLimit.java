package dev.freshet.identity.signin;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.freshet.platform.problem.Problem;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Limits password attempts per client address and login, in addition to the general rate limits. An attacker cannot lock
 * out clients at other addresses. Each instance counts separately.
 */
@Component
class SignInLimit {

    private static final int MAX_BUCKETS = 100_000;
    private static final Duration BUCKET_TTL = Duration.ofMinutes(30);
    private static final int MAX_ATTEMPTS = 5;
    private static final Duration REFILL_PERIOD = Duration.ofMinutes(2);

    private record Key(String address, String login) {}

    private final LoadingCache<Key, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_BUCKETS)
            .expireAfterAccess(BUCKET_TTL)
            .build(key -> Bucket.builder()
                    .addLimit(limit -> limit.capacity(MAX_ATTEMPTS).refillGreedy(MAX_ATTEMPTS, REFILL_PERIOD))
                    .build());

    /** Counts an attempt, or throws {@link Problem#TOO_MANY_REQUESTS}. */
    void count(String address, String login) {
        if (!buckets.get(key(address, login)).tryConsume(1)) {
            throw Problem.TOO_MANY_REQUESTS.because("Too many password attempts for this account from your address.");
        }
    }

    /** Forgets earlier attempts after the correct password. */
    void reset(String address, String login) {
        buckets.invalidate(key(address, login));
    }

    private static Key key(String address, String login) {
        return new Key(address, login.toLowerCase(Locale.ROOT));
    }
}
