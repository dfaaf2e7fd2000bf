package dev.freshet.platform;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Does something again and again while the program runs, one at a time. A failure is logged, and tried again next time. */
public final class Periodic implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Periodic.class);

    private final String what;
    private final Duration interval;
    private final Mono<Void> task;
    private @Nullable Disposable running;

    /** Does nothing before it is started.
     *
     * @param what names the task in the log
     * @param interval from one beginning to the next; a task that takes longer delays the next one
     * @param task subscribed to each time
     */
    public Periodic(String what, Duration interval, Mono<Void> task) {
        this.what = what;
        this.interval = interval;
        this.task = task;
    }

    @Override
    public synchronized void start() {
        running = Flux.interval(interval)
                .onBackpressureDrop()
                .concatMap(tick -> task.onErrorResume(error -> {
                    log.warn("{} failed, and is tried again in {}", what, interval, error);
                    return Mono.empty();
                }))
                .subscribe();
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.dispose();
            running = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }
}
