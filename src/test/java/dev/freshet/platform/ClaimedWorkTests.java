package dev.freshet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Work that instances share, in virtual time. */
class ClaimedWorkTests {

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Queue<Flux<String>> looks = new ArrayDeque<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<String> runs = new ArrayList<>();
    private Mono<Void> run = Mono.empty();

    private final ClaimedWork<String, String> work = new ClaimedWork<>(
            "Tests",
            2,
            PAUSE,
            new ClaimedWork.Worker<String, String>() {
                @Override
                public Flux<String> look(int free) {
                    places.add(free);
                    var next = looks.poll();
                    return next == null ? Flux.empty() : next;
                }

                @Override
                public String key(String claim) {
                    return claim;
                }

                @Override
                public Mono<Void> run(String claim) {
                    runs.add(claim);
                    return run;
                }

                @Override
                public Mono<?> release(String claim) {
                    return Mono.empty();
                }
            },
            time);

    @AfterEach
    void stop() {
        work.stop(() -> {});
    }

    @Test
    void lookWithoutAnAnswerIsFollowedByAnother() {
        looks.add(Flux.never());
        looks.add(Flux.just("late"));
        work.start();
        work.wake();
        time.advanceTimeBy(ClaimedWork.LOOK_TIMEOUT.minusMillis(1));
        assertThat(places).hasSize(1);
        time.advanceTimeBy(SECOND.plusMillis(1));
        assertThat(runs).containsExactly("late");
    }

    @Test
    void failedLookIsRepeatedAfterAPause() {
        looks.add(Flux.error(new IllegalStateException("No connection")));
        looks.add(Flux.just("late"));
        work.start();
        time.advanceTimeBy(SECOND.minusMillis(1));
        assertThat(runs).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(runs).containsExactly("late");
    }

    @Test
    void lookClaimsAsMuchAsThereArePlaces() {
        run = Mono.never();
        looks.add(Flux.just("one"));
        looks.add(Flux.just("two"));
        work.start();
        for (var i = 0; i < 3; i++) {
            time.advanceTimeBy(PAUSE);
            work.wake();
        }
        assertThat(places).containsExactly(2, 1, 0, 0);
        assertThat(work.free()).isZero();
    }

    @Test
    void endOfARunIsFollowedByALook() {
        looks.add(Flux.just("one"));
        work.start();
        time.advanceTimeBy(PAUSE);
        assertThat(places).containsExactly(2, 2);
    }
}
