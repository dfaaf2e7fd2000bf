package dev.freshet.identity.account;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

@Isolated
class PasswordsTests {

    private static final String PASSWORD = "correct horse battery";

    private final NoHashes hashes = new NoHashes();
    private final Passwords passwords = new Passwords(hashes, AccountConfiguration.passwordEncoder());

    @AfterEach
    void stop() {
        passwords.stop();
    }

    @Test
    void check_failsWithUnavailable_whenTheQueueIsFull() {
        // The first error cancels the checks that are still queued.
        var error = Flux.range(0, 1_000)
                .flatMap(i -> passwords.check(null, PASSWORD).materialize(), 1_000)
                .mapNotNull(Signal::getThrowable)
                .blockFirst(TIMEOUT);
        assertThat(error)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.UNAVAILABLE));
    }

    @Test
    void hash_hasTheCostThatOwaspRecommends() {
        assertThat(passwords.hash(PASSWORD).block(TIMEOUT)).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void check_rejectsAnyPassword_whenTheAccountHasNone() {
        assertThat(passwords.check(UUID.randomUUID(), PASSWORD).block(TIMEOUT)).isNull();
        assertThat(passwords.check(UUID.randomUUID(), "dummy").block(TIMEOUT)).isNull();
    }

    @Test
    void check_readsTheStore_alsoWithoutAnAccount() {
        passwords.check(null, PASSWORD).block(TIMEOUT);
        var reads = hashes.reads.get();
        passwords.check(UUID.randomUUID(), PASSWORD).block(TIMEOUT);
        assertThat(reads).isEqualTo(1);
        assertThat(hashes.reads).hasValue(2);
    }

    private static final class NoHashes implements PasswordHashes {

        private final AtomicInteger reads = new AtomicInteger();

        @Override
        public Mono<PasswordHash> findById(UUID account) {
            reads.incrementAndGet();
            return Mono.empty();
        }

        @Override
        public Mono<Boolean> existsById(UUID account) {
            return Mono.just(false);
        }

        @Override
        public Mono<Long> set(UUID account, String hash) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<Long> strengthen(UUID account, String hash, String stronger) {
            return Mono.error(new UnsupportedOperationException());
        }
    }
}
