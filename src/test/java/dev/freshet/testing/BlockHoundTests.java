package dev.freshet.testing;

import static dev.freshet.testing.Freshet.TIMEOUT;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Invariant 8 is watched: blocking an event loop is detected. */
@Isolated
class BlockHoundTests {

    @Test
    void blockingCallOnANonBlockingThreadIsCaught() {
        Mono.fromCallable(() -> new Semaphore(0).tryAcquire(1, TimeUnit.MILLISECONDS))
                .subscribeOn(Schedulers.parallel())
                .as(StepVerifier::create)
                .expectErrorMatches(error ->
                        error.getCause() instanceof BlockingOperationError || error instanceof BlockingOperationError)
                .verify(TIMEOUT);
    }
}
