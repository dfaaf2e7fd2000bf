package dev.freshet.identity.signin;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.freshet.platform.problem.Problem;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * How often an address may try passwords for one account, beside what it may ask for at all. It counts by address, so nobody
 * can lock out others; each instance counts for itself.
 */
@Component
public class SignInLimit {

    private static final int MOST = 100_000;
    private static final Duration FORGOTTEN = Duration.ofMinutes(30);
    private static final int TRIES = 5;
    private static final Duration IN = Duration.ofMinutes(2);

    private record Attempt(String address, String name) {}

    private final LoadingCache<Attempt, Bucket> attempts = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterAccess(FORGOTTEN)
            .build(attempt -> Bucket.builder()
                    .addLimit(limit -> limit.capacity(TRIES).refillGreedy(TRIES, IN))
                    .build());

    /** Counts an attempt to be one account, or throws the problem that there were too many. */
    public void count(String address, String name) {
        if (!attempts.get(attempt(address, name)).tryConsume(1)) {
            throw Problem.TOO_MANY_REQUESTS.because("There were too many attempts from your address.");
        }
    }

    /** It was the right password: who mistyped it before starts anew. */
    void succeeded(String address, String name) {
        attempts.invalidate(attempt(address, name));
    }

    private static Attempt attempt(String address, String name) {
        return new Attempt(address, name.toLowerCase(Locale.ROOT));
    }
}
