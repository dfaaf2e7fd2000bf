package dev.freshet.load.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

class PageClientTests {

    private static final int REQUESTS = 200;
    private static final Pace.Stretch LOAD = Pace.Stretch.at(1000, Duration.ofMillis(REQUESTS));
    private static final String TAG = "\"x\"";

    private final AtomicInteger requests = new AtomicInteger();
    private final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
    private final Set<String> tags = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failed = new AtomicInteger();
    private final CountDownLatch done = new CountDownLatch(REQUESTS);
    private final PageListener listener = new PageListener() {
        @Override
        public void answered(PageRequest request, boolean http2, long due, int status, long length, String etag) {
            statuses.computeIfAbsent(status, absent -> new AtomicInteger()).incrementAndGet();
            tags.add(etag);
            done.countDown();
        }

        @Override
        public void failed(PageRequest request, boolean http2, long due) {
            failed.incrementAndGet();
            done.countDown();
        }
    };
    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
            .handle(this::answer)
            .bindNow();

    /** Closes the connection of every twentieth request, and answers the others. */
    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        if (requests.incrementAndGet() % 20 == 0) {
            response.withConnection(Connection::dispose);
            return Mono.never();
        }
        response.header("ETag", TAG);
        return TAG.equals(request.requestHeaders().get("If-None-Match"))
                ? response.status(304).send().then()
                : response.sendString(Mono.just("A page")).then();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void requestOfAClosedConnectionIsSentAgain(int http2) throws InterruptedException {
        try (var client = new PageClient(List.of((InetSocketAddress) server.address()), listener)) {
            client.open(4 - http2, http2);
            var number = new AtomicInteger();
            client.start(
                    Pace.along(System.nanoTime(), List.of(LOAD)),
                    () -> new PageRequest("page", "/", "text/html", number.getAndIncrement() % 2 == 0 ? TAG : ""));

            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(failed).hasValue(0);
        assertThat(statuses.get(200)).hasValue(REQUESTS / 2);
        assertThat(statuses.get(304)).hasValue(REQUESTS / 2);
        assertThat(tags).containsExactly(TAG);
    }

    @Test
    void requestsWithoutAServerFailAtTheEnd() throws InterruptedException {
        server.disposeNow();
        try (var client = new PageClient(List.of((InetSocketAddress) server.address()), listener)) {
            client.open(2, 2);
            client.start(
                    Pace.along(System.nanoTime() - LOAD.time().toNanos(), List.of(LOAD)),
                    () -> new PageRequest("page", "/", "text/html", ""));
            client.giveUp();

            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(client.isComplete()).isFalse();
        }
        assertThat(failed).hasValue(REQUESTS);
        assertThat(statuses).isEmpty();
    }
}
