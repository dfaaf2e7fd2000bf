package dev.freshet.identity.signin;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.freshet.platform.problem.Problem;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Limits the attempts of one address to guess the password of one account, beside the general rate limits. Attempts are
 * counted per address, so that no one can lock out others; each instance counts by itself.
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

    /** Counts an attempt, or throws the problem that there were too many. */
    public void count(String address, String name) {
        if (!attempts.get(attempt(address, name)).tryConsume(1)) {
            throw Problem.TOO_MANY_REQUESTS.because("There were too many attempts from your address.");
        }
    }

    /** Resets the count after the right password. */
    void succeeded(String address, String name) {
        attempts.invalidate(attempt(address, name));
    }

    private static Attempt attempt(String address, String name) {
        return new Attempt(address, name.toLowerCase(Locale.ROOT));
    }
}
