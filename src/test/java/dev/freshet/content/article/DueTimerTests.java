package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DueTimerTests {

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    // Close to its overflow.
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);
    private final DueTimer timer = new DueTimer(now::get);

    @Test
    void nextLookIsAfterThePause() {
        assertThat(timer.elapse()).isTrue();
        pass(DueTimer.MAX_PAUSE.minus(MILLISECOND));
        assertThat(timer.elapse()).isFalse();
        pass(MILLISECOND);
        assertThat(timer.elapse()).isTrue();
    }

    @Test
    void lookIsAtTheEarliestDueTime() {
        timer.elapse();
        timer.add(Duration.ofSeconds(5));
        timer.add(Duration.ofSeconds(2));
        timer.add(Duration.ofDays(100_000));
        pass(Duration.ofMillis(1999));
        assertThat(timer.elapse()).isFalse();
        pass(MILLISECOND);
        assertThat(timer.elapse()).isTrue();
        assertThat(timer.elapse()).isFalse();
    }

    @Test
    void overdueArticleIsLookedForAtOnce() {
        timer.elapse();
        timer.add(Duration.ofSeconds(-10));
        assertThat(timer.elapse()).isTrue();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
