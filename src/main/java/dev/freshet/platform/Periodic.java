package dev.freshet.platform;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Runs a task at an interval from the start of the program to its stop, one run at a time. After a failure, the
 * next run tries again; at most one failure a minute is logged.
 */
public final class Periodic implements SmartLifecycle {

    private final FaultLog faults = new FaultLog(LoggerFactory.getLogger(Periodic.class), Level.WARN);

    private final String name;
    private final Duration interval;
    private final Mono<Void> task;
    private @Nullable Disposable running;

    /**
     * Creates a task that runs first one interval after {@link #start()}.
     *
     * @param name the task's name in the log, to precede "failed"
     * @param interval time between the starts of two runs; a run that takes longer delays the next one
     * @param task the run, subscribed to each time; it must not block
     */
    public Periodic(String name, Duration interval, Mono<Void> task) {
        this.name = name;
        this.interval = interval;
        this.task = task;
    }

    @Override
    public synchronized void start() {
        var retried = name + " failed, and is retried in "
                + DurationFormatterUtils.print(interval, DurationFormat.Style.COMPOSITE);
        running = Flux.interval(interval)
                .onBackpressureDrop()
                .concatMap(tick -> task.onErrorResume(fault -> {
                    faults.report(retried, fault);
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
