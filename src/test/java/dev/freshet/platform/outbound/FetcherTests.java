package dev.freshet.platform.outbound;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/** Fetches from a server on this machine, to which invented names resolve. */
class FetcherTests {

    private static final String FEEDS = "feeds.example";

    private static final AtomicInteger requests = new AtomicInteger();
    private static LoopResources loops;
    private static DisposableServer server;

    private final AtomicInteger lookups = new AtomicInteger();

    @BeforeAll
    static void start() {
        loops = LoopResources.create("fetch-test", 1, true);
        server = HttpServer.create()
                .host("127.0.0.1")
                .doOnConnection(connection -> requests.incrementAndGet())
                .route(routes -> routes.get(
                                "/feed",
                                (request, response) -> response.header("Content-Type", "application/atom+xml")
                                        .sendString(Mono.just("the feed for "
                                                + request.requestHeaders().get("User-Agent")
                                                + request.requestHeaders().get("Authorization"))))
                        .get(
                                "/to/{where}",
                                (request, response) ->
                                        response.sendRedirect(Objects.requireNonNull(request.param("where"))
                                                .replace('!', '/')))
                        .get("/round", (request, response) -> response.sendRedirect("/round"))
                        .get(
                                "/gone",
                                (request, response) -> response.status(404).send())
                        .get("/silent", (request, response) -> Mono.never())
                        .get(
                                "/drip",
                                (request, response) -> response.sendString(
                                        Flux.interval(Duration.ofMillis(100)).map(tick -> "drip "),
                                        StandardCharsets.UTF_8))
                        .get(
                                "/endless",
                                (request, response) -> response.compression(true)
                                        .sendString(Flux.range(0, 10_000).map(i -> " ".repeat(1000)))))
                .compress(true)
                .bindNow();
    }

    @AfterAll
    static void stop() {
        server.disposeNow();
        loops.dispose();
    }

    @BeforeEach
    void count() {
        requests.set(0);
    }

    @Test
    void allowedHostIsFetched() {
        var fetched = fetcher("allow", FEEDS).fetch(at(FEEDS, "/feed"), "*/*");

        assertThat(text(fetched)).isEqualTo("the feed for Freshetnull");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/feed",
                "http://feeds.example:PORT/feed",
                "http://localhost:PORT/feed",
                "http://[::1]:PORT/feed",
                "http://[::ffff:127.0.0.1]:PORT/feed",
                "http://2130706433:PORT/feed",
                "http://0:PORT/feed",
                "https://127.0.0.1:PORT/feed",
                "http://127.0.0.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://public.example:22/"
            })
    void privateAddressIsNeverContacted(String address) {
        assertProblem(
                fetcher().fetch(address.replace("PORT", port()), "*/*"), Problem.UNREACHABLE_ADDRESS, "not public");
        assertThat(requests).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://feeds.example/",
                "gopher://feeds.example/",
                "jar:http://feeds.example/!/",
                "//feeds.example/",
                "/feed",
                "",
                "http:///feed",
                "http://127.1/feed",
                "http://0x7f.0.0.1/feed",
                "http://user:secret@feeds.example/",
                "http://feeds.example /",
                "http://feeds.example/\r\nX: y"
            })
    void addressesThatAreNotHttpAreRefused(String address) {
        assertProblem(fetcher("allow", FEEDS).fetch(address, "*/*"), Problem.INVALID_REQUEST, "url");
    }

    @Test
    void redirectsAreFollowed() {
        assertThat(text(fetcher("allow", FEEDS).fetch(at(FEEDS, "/to/!feed"), "*/*")))
                .startsWith("the feed");
        assertThat(text(fetcher("allow", FEEDS)
                        .fetch(at(FEEDS, "/to/http:!!" + FEEDS + ":" + port() + "!feed"), "*/*")))
                .startsWith("the feed");
    }

    @Test
    void addressOfAResponseIsThatAfterRedirects() {
        var fetched = Objects.requireNonNull(
                fetcher("allow", FEEDS).fetch(at(FEEDS, "/to/!feed"), "*/*").block(TIMEOUT));

        assertThat(fetched.address()).hasToString(at(FEEDS, "/feed"));
        assertThat(text(Mono.just(fetched))).startsWith("the feed");
    }

    @ParameterizedTest
    @CsvSource({
        "http:!!127.0.0.1:PORT!feed, UNREACHABLE_ADDRESS",
        "http:!!inside.example:PORT!feed, UNREACHABLE_ADDRESS",
        "http:!!169.254.169.254!latest, UNREACHABLE_ADDRESS",
        "!!127.0.0.1:PORT!feed, UNREACHABLE_ADDRESS",
        "file:!!!etc!passwd, INVALID_REQUEST"
    })
    void redirectsToForbiddenAddressesAreRefused(String to, Problem problem) {
        assertProblem(
                fetcher("allow", FEEDS).fetch(at(FEEDS, "/to/" + to.replace("PORT", port())), "*/*"), problem, "");
        assertThat(requests).hasValue(1);
    }

    @Test
    void reboundNameIsResolvedOncePerFetchAndRefused() {
        var fetcher = fetcher("allow", "127.0.0.1");

        assertThat(text(fetcher.fetch(at("rebinding.example", "/feed"), "*/*"))).startsWith("the feed");
        assertThat(lookups).hasValue(1);

        assertProblem(
                fetcher.fetch(at("rebinding.example", "/feed"), "*/*"), Problem.UNREACHABLE_ADDRESS, "not public");
        assertThat(requests).hasValue(1);
    }

    @Test
    void everyFetchIsBounded() {
        assertProblem(
                fetcher("allow", FEEDS).fetch(at(FEEDS, "/round"), "*/*"), Problem.UNREACHABLE_ADDRESS, "5 times");
        assertThat(requests).hasValue(6);
        assertProblem(fetcher("allow", FEEDS).fetch(at(FEEDS, "/gone"), "*/*"), Problem.UNREACHABLE_ADDRESS, "404");
        assertProblem(
                fetcher("allow", FEEDS, "silence", "300ms").fetch(at(FEEDS, "/silent"), "*/*"),
                Problem.UNREACHABLE_ADDRESS,
                "cannot be reached");
        StepVerifier.create(fetcher("allow", FEEDS, "silence", "1m", "longest", "1s")
                        .fetch(at(FEEDS, "/drip"), "*/*")
                        .flatMapMany(Fetcher.Fetched::body)
                        .then())
                .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("longer than PT1S"));
        // Small as sent, large when decompressed.
        StepVerifier.create(fetcher("allow", FEEDS, "silence", "1m", "longest", "3m", "max-size", "1MB")
                        .fetch(at(FEEDS, "/endless"), "*/*")
                        .flatMapMany(Fetcher.Fetched::body)
                        .then())
                .verifyErrorSatisfies(error ->
                        assertThat(((ProblemException) error).problem()).isEqualTo(Problem.CONTENT_TOO_LARGE));
    }

    @Test
    void everyDocumentIsBounded() {
        var document = documents().get(document("/to/!feed", 1000, Duration.ofMinutes(1)));
        StepVerifier.create(document.map(read -> read.status() + " " + new String(read.body(), StandardCharsets.UTF_8)))
                .expectNext("200 the feed for Readernull")
                .expectComplete()
                .verify(TIMEOUT);
        StepVerifier.create(documents().get(document("/gone", 10, Duration.ofMinutes(1))))
                .assertNext(gone -> assertThat(gone.status()).isEqualTo(404))
                .expectComplete()
                .verify(TIMEOUT);
        StepVerifier.create(documents().get(document("/drip", 100_000, Duration.ofSeconds(1))))
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("longer than 1.0 s"))
                .verify(TIMEOUT);
        StepVerifier.create(documents().get(document("/silent", 10, Duration.ofMillis(100))))
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("longer than"))
                .verify(TIMEOUT);
        // Small as sent, large when decompressed.
        StepVerifier.create(documents().get(document("/endless", 1_000_000, Duration.ofMinutes(3))))
                .expectErrorSatisfies(error ->
                        assertThat(((ProblemException) error).problem()).isEqualTo(Problem.CONTENT_TOO_LARGE))
                .verify(TIMEOUT);
        StepVerifier.create(documents().get(document("/to/http:!!inside.example!", 10, Duration.ofMinutes(1))))
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("not public"))
                .verify(TIMEOUT);
    }

    private static DocumentFetcher.Request document(String path, int maxBytes, Duration timeout) {
        return new DocumentFetcher.Request(
                URI.create(at(FEEDS, path)), Map.of("User-Agent", "Reader"), maxBytes, timeout);
    }

    private DocumentFetcher documents() {
        var bound = settings("allow", FEEDS);
        return new DocumentFetcher(bound, resources(bound, Schedulers.boundedElastic()));
    }

    @Test
    void concurrentFetchesAreLimitedAndReleaseTheirPlaces() {
        var narrow = fetcher("allow", FEEDS, "at-once", "1");
        var first =
                Objects.requireNonNull(narrow.fetch(at(FEEDS, "/drip"), "*/*").block(TIMEOUT));
        assertProblem(narrow.fetch(at(FEEDS, "/feed"), "*/*"), Problem.UNAVAILABLE, "too many");

        first.body().take(1).blockLast(TIMEOUT);

        assertThat(text(narrow.fetch(at(FEEDS, "/feed"), "*/*"))).startsWith("the feed");
        assertProblem(narrow.fetch(at(FEEDS, "/gone"), "*/*"), Problem.UNREACHABLE_ADDRESS, "404");
        assertThat(text(narrow.fetch(at(FEEDS, "/feed"), "*/*"))).startsWith("the feed");
    }

    @Test
    void waitForAThreadIsBounded() {
        var threads = Schedulers.newBoundedElastic(1, 100, "blocked");
        var blocked = new CountDownLatch(1);
        var blocking = Mono.fromCallable(() -> blocked.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                .subscribeOn(threads)
                .subscribe();
        try {
            var bound = settings("allow", FEEDS, "longest", "100ms", "at-once", "1");
            var resources = resources(bound, threads);
            var fetcher = new Fetcher(bound, resources);
            // The second finds the place of the first.
            for (var i = 0; i < 2; i++) {
                assertProblem(
                        fetcher.fetch(at(FEEDS, "/feed"), "*/*"), Problem.UNREACHABLE_ADDRESS, "cannot be reached");
            }
            var time = Duration.ofMillis(100);
            StepVerifier.create(new DocumentFetcher(bound, resources).get(document("/feed", 1000, time)))
                    .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("longer than"))
                    .verify(TIMEOUT);
            StepVerifier.create(new Poster(resources).get(URI.create(at(FEEDS, "/feed")), time))
                    .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("does not respond within"))
                    .verify(TIMEOUT);
        } finally {
            blocked.countDown();
            blocking.dispose();
            threads.dispose();
        }
    }

    private static String at(String host, String path) {
        return "http://" + host + ":" + port() + path;
    }

    private static String port() {
        return Integer.toString(server.port());
    }

    private static String text(Mono<Fetcher.Fetched> fetched) {
        return Objects.requireNonNull(fetched.flatMap(found -> DataBufferUtils.join(found.body()))
                .map(buffer -> buffer.toString(StandardCharsets.UTF_8))
                .block(TIMEOUT));
    }

    private static void assertProblem(Mono<Fetcher.Fetched> fetched, Problem problem, String detail) {
        StepVerifier.create(fetched)
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(ProblemException.class);
                    assertThat(((ProblemException) error).problem()).isEqualTo(problem);
                    assertThat(((ProblemException) error).getBody().getDetail())
                            .contains(detail)
                            .doesNotContain("127.", "Exception");
                })
                .verify(TIMEOUT);
    }

    private Fetcher fetcher(String... settings) {
        var bound = settings(settings);
        return new Fetcher(bound, resources(bound, Schedulers.boundedElastic()));
    }

    private OutboundResources resources(FetchSettings settings, Scheduler threads) {
        return new OutboundResources(
                new CheckedResolverGroup(MadeUpNames::new, new Targets(settings.allow())), () -> loops, threads);
    }

    private static FetchSettings settings(String... settings) {
        var properties = new java.util.HashMap<String, String>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("freshet.fetch." + settings[i], settings[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("freshet.fetch", FetchSettings.class);
    }

    /** All names lead to this machine, but for a public one, and one that leads to another address each time. */
    private final class MadeUpNames extends AddressResolverGroup<InetSocketAddress> {

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) throws UnknownHostException {
                    promise.setSuccess(find(name));
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise)
                        throws UnknownHostException {
                    promise.setSuccess(List.of(find(name)));
                }
            }.asAddressResolver();
        }

        private InetAddress find(String name) throws UnknownHostException {
            var isFirst = lookups.incrementAndGet() == 1;
            return InetAddress.getByName(
                    switch (name) {
                        case "public.example" -> "192.31.196.1";
                        case "rebinding.example" -> isFirst ? "127.0.0.1" : "::1";
                        default -> "127.0.0.1";
                    });
        }
    }
}
