package dev.freshet.identity.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class ActiveAccountsTests {

    private static final UUID ID = new UUID(1, 2);
    private static final Account ANN = new Account(ID, "ann", null, Role.AUTHOR, Instant.EPOCH, null);

    private final Accounts table = Mockito.mock(Accounts.class);
    private final ActiveAccounts accounts = new ActiveAccounts(table);
    private @Nullable Account stored = ANN;

    @BeforeEach
    void storeTheAccount() {
        Mockito.when(table.findActive(ID)).thenReturn(Mono.defer(() -> Mono.justOrEmpty(stored)));
    }

    @Test
    void accountIsReadOnce() {
        assertThat(accounts.find(ID).block()).isEqualTo(ANN);
        assertThat(accounts.find(ID).block()).isEqualTo(ANN);
        Mockito.verify(table, Mockito.times(1)).findActive(ID);
    }

    @Test
    void forgottenAccountIsReadAgain() {
        accounts.find(ID).block();
        stored = null;
        accounts.forget(ID);
        assertThat(accounts.find(ID).block()).isNull();
    }

    @Test
    void accountThatIsForgottenDuringItsReadIsReadAgain() {
        var slow = Sinks.<Account>one();
        Mockito.when(table.findActive(ID)).thenReturn(slow.asMono()).thenReturn(Mono.empty());
        var first = accounts.find(ID).toFuture();
        accounts.forget(ID);
        slow.tryEmitValue(ANN);
        assertThat(first).isCompletedWithValue(ANN);
        assertThat(accounts.find(ID).block()).isNull();
    }

    @Test
    void unknownAccountAndFailureAreNotHeld() {
        Mockito.when(table.findActive(ID))
                .thenReturn(Mono.empty())
                .thenReturn(Mono.error(new IllegalStateException("unavailable")))
                .thenReturn(Mono.just(ANN));
        assertThat(accounts.find(ID).block()).isNull();
        assertThat(accounts.find(ID).onErrorComplete().block()).isNull();
        assertThat(accounts.find(ID).block()).isEqualTo(ANN);
    }
}
