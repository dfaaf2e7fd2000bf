package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.testing.Freshet;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * A correct client: follows a feed, and reconnects with its last cursor after each loss of its connection, perhaps to
 * another instance. Records every seq that it receives.
 */
final class Reader implements AutoCloseable {

    private final Cursor start;
    private final List<Long> seqs = new CopyOnWriteArrayList<>();
    private final Sinks.Many<Cursor> progress = Sinks.many().replay().latest();
    private final Disposable subscription;
    private volatile Cursor cursor;
    private final AtomicLong resets = new AtomicLong();

    private Reader(Supplier<Freshet> instances, String query, Cursor start) {
        this.start = start;
        this.cursor = start;
        this.subscription = Flux.defer(() -> events(instances.get(), query))
                .doOnNext(this::note)
                .repeat()
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(50)))
                .subscribe();
    }

    /**
     * Opens a stream after a position.
     *
     * @param instances called at each connect
     * @param query further parameters, beginning with an ampersand, or nothing
     */
    static Reader open(Supplier<Freshet> instances, String query, Cursor start) {
        return new Reader(instances, query, start);
    }

    private Flux<ServerSentEvent<String>> events(Freshet instance, String query) {
        return WebClient.create(instance.url())
                .get()
                .uri("/api/v1/articles?since=" + cursor + query)
                .accept(MediaType.TEXT_EVENT_STREAM)
                .retrieve()
                .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
                .filter(event -> event.id() != null);
    }

    private void note(ServerSentEvent<String> event) {
        var next = Objects.requireNonNull(Cursor.parse(Objects.requireNonNull(event.id())));
        cursor = next;
        if ("reset".equals(event.event())) {
            resets.incrementAndGet();
            return;
        }
        seqs.add(next.seq());
        progress.tryEmitNext(next);
    }

    Cursor start() {
        return start;
    }

    /** The seqs received so far, in the order in which they came, over all connections. */
    List<Long> seqs() {
        return seqs;
    }

    long resets() {
        return resets.get();
    }

    /** Completes once an event at or after this position was received, of the same history. */
    Mono<Cursor> reached(Cursor target) {
        return progress.asFlux()
                .filter(event -> event.epoch() == target.epoch() && event.seq() >= target.seq())
                .next();
    }

    @Override
    public void close() {
        subscription.dispose();
    }
}
