package dev.freshet.load.guard;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Subscribers over NDJSON, which Gatling does not support: it returns a response only when it is complete. */
final class NdjsonReaders implements AutoCloseable {

    private final Run run;
    private final String feed;
    private final Ledger ledger;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<CompletableFuture<?>> streams = new ArrayList<>();

    NdjsonReaders(Run run, String feed, Ledger ledger) {
        this.run = run;
        this.feed = feed;
        this.ledger = ledger;
    }

    void open(int count) {
        var request = HttpRequest.newBuilder(URI.create(run.address() + feed))
                .header("Accept", "application/x-ndjson")
                .build();
        for (var i = 0; i < count; i++) {
            streams.add(http.sendAsync(request, BodyHandlers.fromLineSubscriber(new Lines(ledger.subscribe()))));
        }
    }

    private record Lines(Ledger.Subscriber subscriber) implements Flow.Subscriber<String> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            subscriber.receive(Following.DELIVERY, line, System.nanoTime());
        }

        @Override
        public void onError(Throwable error) {
            // The ledger detects events missed until then.
        }

        @Override
        public void onComplete() {
            // See above.
        }
    }

    @Override
    public void close() {
        streams.forEach(stream -> stream.cancel(true));
        http.shutdownNow();
    }
}
