package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Follows the tail while the instance runs, and passes its events to the listeners in order. Starts before the web
 * server. Stops after it and after the streams have been drained, so no response is cut off from the log.
 */
final class TailDispatcher implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TailDispatcher.class);
    private static final int PHASE = 0;

    private final FeedLog feedLog;
    private final Follower follower;
    private final List<TailListener> listeners;
    private @Nullable Disposable following;

    TailDispatcher(FeedLog feedLog, Follower follower, List<TailListener> listeners) {
        this.feedLog = feedLog;
        this.follower = follower;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public synchronized void start() {
        following = feedLog.extent()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100)).maxBackoff(Duration.ofSeconds(2)))
                .map(Extent::end)
                .flatMapMany(this::dispatch)
                .subscribe(
                        event -> {}, failure -> log.error("The tail ended; this instance must be restarted", failure));
    }

    private Flux<TailEvent> dispatch(Cursor start) {
        var deliveries = listeners.stream().map(Delivery::new).toList();
        return Mono.fromRunnable(() -> deliveries.forEach(delivery -> delivery.begin(start)))
                .thenMany(follower.follow(start))
                .doOnNext(event -> deliveries.forEach(delivery -> delivery.pass(event)));
    }

    @Override
    public synchronized void stop() {
        if (following != null) {
            following.dispose();
            following = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return following != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Calls one listener, and resets it after a failure. Used by one thread at a time. */
    private static final class Delivery {

        private final TailListener listener;
        private long epoch;
        private boolean failed;

        Delivery(TailListener listener) {
            this.listener = listener;
        }

        void begin(Cursor start) {
            epoch = start.epoch();
            attempt(start, () -> listener.begin(start));
        }

        void pass(TailEvent event) {
            switch (event) {
                case TailEvent.Entries next -> {
                    var end = new Cursor(epoch, next.entries().getLast().seq());
                    attempt(end, failed ? () -> listener.reset(end) : () -> listener.entries(next.entries()));
                }
                case TailEvent.Reset reset -> {
                    epoch = reset.position().epoch();
                    attempt(reset.position(), () -> listener.reset(reset.position()));
                }
            }
        }

        private void attempt(Cursor end, Runnable call) {
            failed = !succeeds(end, call) && !succeeds(end, () -> listener.reset(end));
        }

        private boolean succeeds(Cursor end, Runnable call) {
            try {
                call.run();
                return true;
            } catch (RuntimeException | Error e) {
                // An error must not end the tail either, without which no client receives events.
                log.error("{} failed at {} of the feed log; resetting it", listener, end, e);
                return false;
            }
        }
    }
}
