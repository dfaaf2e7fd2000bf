package dev.freshet.load.streams;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The publishers of one run. Each sends its next event after the response to the last, so that its order is known. */
public final class Publishers implements AutoCloseable {

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    // Numbers of publishers in markers. More publishers than these are possible without subscribers.
    private static final int MARKERS = 100;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Peer peer;
    private final int count;
    private final IntFunction<String> topics;
    private final AtomicLong sent = new AtomicLong();
    private final Histogram answers = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final long[] counters;
    private final int first;

    /** @param topics by the number of the event */
    public Publishers(Peer peer, int count, IntFunction<String> topics) {
        this.peer = peer;
        this.count = count;
        this.topics = topics;
        this.counters = new long[count];
        // Unique over several runs, since subscribers stay open over them.
        this.first = count < MARKERS ? NUMBERS.getAndAdd(count) % (MARKERS - count) : 0;
    }

    /** Returns the number of published events. */
    public long sent() {
        return sent.get();
    }

    /** Returns the times from the due time to the response, in nanoseconds. */
    Histogram answers() {
        return answers;
    }

    /** Publishes as many events as the peer accepts, within a bound ahead of its subscribers. */
    void saturate(Duration time, BooleanSupplier ahead) throws InterruptedException {
        var end = System.nanoTime() + time.toNanos();
        inParallel(publisher -> {
            while (System.nanoTime() < end) {
                if (ahead.getAsBoolean()) {
                    LockSupport.parkNanos(200_000);
                } else {
                    publish(publisher, System.nanoTime());
                }
            }
        });
    }

    /** Publishes at fixed times, regardless of the responses. */
    public void atRate(Duration time, double perSecond) throws InterruptedException {
        var begin = System.nanoTime() + 10_000_000;
        var end = begin + time.toNanos();
        inParallel(publisher -> {
            for (var i = publisher; ; i += count) {
                var at = begin + (long) (i * 1e9 / perSecond);
                if (at > end) {
                    return;
                }
                for (var left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                publish(publisher, at);
            }
        });
    }

    /** Publishes as fast as possible: with one request where the peer has one for that. */
    public void burst(int events) throws InterruptedException {
        var markers = new ArrayList<String>();
        for (var i = 0; i < events; i++) {
            markers.add(Marker.of(first, i, System.nanoTime()));
        }
        var all = peer.publishAll(topics.apply(0), markers);
        if (all.isPresent()) {
            inParallel(publisher -> {
                if (publisher == 0) {
                    send(all.get());
                    sent.addAndGet(events);
                }
            });
        } else {
            inParallel(publisher -> {
                for (var i = publisher; i < events; i += count) {
                    publish(publisher, System.nanoTime());
                }
            });
        }
    }

    private void publish(int publisher, long at) throws IOException, InterruptedException {
        var number = counters[publisher]++;
        send(peer.publish(
                topics.apply((int) sent.getAndIncrement()), Marker.of((first + publisher) % MARKERS, number, at)));
        answers.recordValue(Math.max(1, System.nanoTime() - at));
    }

    private void send(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(peer.name() + " answered " + answer.statusCode() + " " + answer.body());
        }
    }

    private interface Work {
        void run(int publisher) throws IOException, InterruptedException;
    }

    private void inParallel(Work work) throws InterruptedException {
        var running = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < count; i++) {
                var publisher = i;
                running.add(threads.submit(() -> {
                    work.run(publisher);
                    return null;
                }));
            }
        }
        for (var each : running) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("A publisher failed", e.getCause());
            }
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
