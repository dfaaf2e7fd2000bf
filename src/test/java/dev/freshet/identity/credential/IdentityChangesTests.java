package dev.freshet.identity.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.ActiveAccounts;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;
import org.mockito.Mockito;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class IdentityChangesTests {

    private static final UUID ID = new UUID(1, 2);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final IdentityChangeRepository table = Mockito.mock(IdentityChangeRepository.class);
    private final ActiveAccounts accounts = Mockito.mock(ActiveAccounts.class);
    private final IdentityChanges changes = new IdentityChanges(table, accounts, now::get);
    private Flux<IdentityChange> stored = Flux.empty();

    @BeforeEach
    void countReads() {
        Mockito.when(table.findAfter(ArgumentMatchers.any())).thenReturn(Flux.defer(() -> {
            reads.incrementAndGet();
            return stored;
        }));
    }

    @Test
    void checkReadsChangesThatAreOlderThanASecond() {
        changes.await().block();
        pass(SECOND);
        changes.await().block();
        assertThat(reads).hasValue(1);
        pass(Duration.ofNanos(1));
        changes.await().block();
        assertThat(reads).hasValue(2);
    }

    @Test
    void readsInUseSpareChecksTheWait() {
        changes.await().block();
        for (var i = 0; i < 20; i++) {
            pass(SECOND);
            changes.readInUse().block();
            changes.await().block();
        }
        assertThat(reads).hasValue(21);
    }

    @Test
    void unusedInstanceReadsNothing() {
        changes.readInUse().block();
        assertThat(reads).hasValue(0);
        changes.await().block();
        pass(Duration.ofSeconds(59));
        changes.readInUse().block();
        assertThat(reads).hasValue(2);
        pass(SECOND);
        changes.readInUse().block();
        assertThat(reads).hasValue(2);
    }

    @Test
    void openStreamIsAUse() {
        assertThat(changes.isRevoked(ID)).isFalse();
        stored = Flux.just(new IdentityChange(ID, Instant.now(), Instant.now().plusSeconds(60)));
        changes.readInUse().block();
        assertThat(changes.isRevoked(ID)).isTrue();
    }

    @Test
    void changedAccountIsForgotten() {
        stored = Flux.just(new IdentityChange(ID, Instant.now(), null));
        changes.await().block();
        Mockito.verify(accounts).forget(ID);
        assertThat(changes.isRevoked(ID)).isFalse();
    }

    @Test
    void checksShareARead() {
        var answer = Sinks.<IdentityChange>empty();
        stored = answer.asMono().flux();
        var first = changes.await().toFuture();
        var second = changes.await().toFuture();
        assertThat(reads).hasValue(1);
        assertThat(second).isNotDone();
        answer.tryEmitEmpty();
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(reads).hasValue(1);
    }

    @Test
    void slowReadIsRepeatedForALaterCheck() {
        var answer = Sinks.<IdentityChange>empty();
        stored = answer.asMono().flux();
        var first = changes.await().toFuture();
        pass(SECOND.multipliedBy(2));
        var second = changes.await().toFuture();
        stored = Flux.empty();
        answer.tryEmitEmpty();
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(reads).hasValue(2);
    }

    @Test
    void slowReadThatEndsLastMakesNoChangeOlder() {
        var answer = Sinks.<IdentityChange>empty();
        stored = answer.asMono().flux();
        var slow = changes.read().toFuture();
        pass(SECOND.multipliedBy(2));
        stored = Flux.empty();
        changes.await().block();
        answer.tryEmitEmpty();
        assertThat(slow).isCompleted();
        changes.await().block();
        assertThat(reads).hasValue(2);
    }

    @Test
    void failedReadFailsTheCheckAndIsRepeated() {
        stored = Flux.error(new IllegalStateException("unavailable"));
        StepVerifier.create(changes.await()).verifyError(IllegalStateException.class);
        stored = Flux.empty();
        StepVerifier.create(changes.await()).verifyComplete();
        assertThat(reads).hasValue(2);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
