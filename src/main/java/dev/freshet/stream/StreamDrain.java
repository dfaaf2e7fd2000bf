package dev.freshet.stream;

import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/** Ends the streams when the instance stops, spread over the drain window. */
final class StreamDrain implements SmartLifecycle {

    private final LiveStreams streams;
    private volatile boolean running;

    StreamDrain(LiveStreams streams) {
        this.streams = streams;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        streams.current()
                .map(live -> live.subscribers().drain())
                .orElse(Mono.empty())
                .doFinally(signal -> callback.run())
                .subscribe();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before the web server, whose graceful shutdown waits for open responses, and before the tail. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }
}
