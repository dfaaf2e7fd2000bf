package dev.freshet.identity.account;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import reactor.core.publisher.Mono;

/** Passwords whose stored hash is weaker than new ones. */
class PasswordUpgradeTests {

    private static final String PASSWORD = "correct horse battery";

    private final Freshet instance = Freshet.shared(Map.of());
    private final PasswordHashes hashes = instance.bean(PasswordHashes.class);
    private final UUID account = instance.account("weak-" + UUID.randomUUID(), Role.READER);
    private final String weak = Objects.requireNonNull(new Argon2PasswordEncoder(16, 32, 1, 32, 1).encode(PASSWORD));

    @Test
    void weakHashIsReplaced_andThePasswordCountsAsUnchanged() {
        get(hashes.set(account, weak));
        var passwords = instance.bean(Passwords.class);
        var changedAt = get(passwords.check(account, PASSWORD));
        assertThat(get(hashes.findById(account)).hash()).isNotEqualTo(weak);
        assertThat(get(passwords.isUnchanged(account, changedAt))).isTrue();
        assertThat(get(passwords.check(account, PASSWORD))).isEqualTo(changedAt);
    }

    @Test
    void strongerHash_doesNotUndoAPasswordChange() {
        get(hashes.set(account, weak));
        var passwords = new Passwords(new ChangedAfterEachRead(hashes), AccountConfiguration.passwordEncoder());
        try {
            passwords.check(account, PASSWORD).block(TIMEOUT);
        } finally {
            passwords.stop();
        }
        assertThat(get(hashes.findById(account)).hash()).isEqualTo("changed");
    }

    private record ChangedAfterEachRead(PasswordHashes hashes) implements PasswordHashes {

        @Override
        public Mono<PasswordHash> findById(UUID account) {
            return hashes.findById(account).delayUntil(found -> hashes.set(account, "changed"));
        }

        @Override
        public Mono<Boolean> existsById(UUID account) {
            return hashes.existsById(account);
        }

        @Override
        public Mono<Long> set(UUID account, String hash) {
            return hashes.set(account, hash);
        }

        @Override
        public Mono<Long> strengthen(UUID account, String hash, String stronger) {
            return hashes.strengthen(account, hash, stronger);
        }
    }
}
