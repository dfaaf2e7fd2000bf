package dev.freshet.identity.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import reactor.core.publisher.Mono;

class ActiveAccountsTests {

    private static final UUID ID = new UUID(1, 2);

    private final AtomicLong now = new AtomicLong();
    private final Accounts table = Mockito.mock(Accounts.class);
    private final ActiveAccounts accounts = new ActiveAccounts(table, now::get);
    private @Nullable Account stored = new Account(ID, "ann", null, Role.AUTHOR, Instant.EPOCH, null);

    @BeforeEach
    void readTheAccountFromMemory() {
        Mockito.when(table.findActive(ID)).thenReturn(Mono.defer(() -> Mono.justOrEmpty(stored)));
    }

    @Test
    void accountIsReadOncePerSecond() {
        assertThat(accounts.find(ID).block()).isEqualTo(stored);
        pass(Duration.ofMillis(999));
        assertThat(accounts.find(ID).block()).isEqualTo(stored);
        Mockito.verify(table, Mockito.times(1)).findActive(ID);
    }

    @Test
    void disabledAccountIsUnknownAfterASecond() {
        accounts.find(ID).block();
        pass(Duration.ofMillis(600));
        accounts.find(ID).block();
        stored = null;
        pass(Duration.ofMillis(400));
        assertThat(accounts.find(ID).block()).isNull();
    }

    @Test
    void forgottenAccountIsReadAgainAtOnce() {
        accounts.find(ID).block();
        stored = null;
        accounts.forget(ID);
        assertThat(accounts.find(ID).block()).isNull();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
