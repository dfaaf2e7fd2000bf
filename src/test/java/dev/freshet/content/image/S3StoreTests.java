package dev.freshet.content.image;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpRange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Runs the configured S3 client against an in-memory stand-in for the server, which checks signatures. */
class S3StoreTests extends ImageStoreContract {

    private static final AwsSignature SIGNATURE = new AwsSignature("key", "secret");
    private static final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private static DisposableServer server;
    private static S3Store store;

    @BeforeAll
    static void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .handle(S3StoreTests::serve)
                .bindNow();
        var settings = settings("http://127.0.0.1:" + server.port());
        store = S3Store.open(settings);
    }

    @AfterAll
    static void stop() {
        store.close();
        server.disposeNow();
    }

    @BeforeEach
    void empty() {
        objects.clear();
    }

    @Override
    ImageStore store() {
        return store;
    }

    @Test
    void storedImage_hasThePrefixInItsKey() throws IOException {
        put(NAME);

        assertThat(objects).containsOnlyKeys("/pictures/kept/" + NAME);
    }

    @Test
    void unreachableBucket_isReportedAsUnavailable() throws IOException {
        var file = Files.writeString(uploads.resolve("image"), "x");
        var settings = settings("http://127.0.0.1:1");
        try (var bucket = S3Store.open(settings)) {
            // At the same time, because the client retries for seconds.
            var problems = Flux.merge(problem(bucket.put(NAME, file)), problem(bucket.length(NAME)))
                    .collectList()
                    .block(TIMEOUT);
            assertThat(problems).containsExactly(Problem.UNAVAILABLE, Problem.UNAVAILABLE);
        }
    }

    @Test
    void silentBucket_isReportedAsUnavailable() throws IOException {
        var file = Files.writeString(uploads.resolve("silent"), "x");
        // Connections are established, and nobody reads from them.
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var settings = settings("http://127.0.0.1:" + silent.getLocalPort(), "secret", Duration.ofMillis(500));
            try (var bucket = S3Store.open(settings)) {
                var problems = Flux.merge(
                                problem(bucket.put(NAME, file)),
                                problem(bucket.length(NAME)),
                                problem(bucket.read(NAME, 0, 1).next()),
                                problem(bucket.delete(NAME)))
                        .collectList()
                        // The SDK itself waits 30 s for each of several repetitions.
                        .block(Duration.ofSeconds(25));
                assertThat(problems).hasSize(4).containsOnly(Problem.UNAVAILABLE);
            }
        }
    }

    private static Mono<Problem> problem(Mono<?> action) {
        return action.materialize()
                .map(result -> ((ProblemException) Objects.requireNonNull(result.getThrowable())).problem());
    }

    @Test
    void bucketThatRefusesTheSecret_isReportedAsUnavailable() throws IOException {
        var file = Files.writeString(uploads.resolve("refused"), "x");
        var settings = settings("http://127.0.0.1:" + server.port(), "another secret");
        try (var bucket = S3Store.open(settings)) {
            assertProblem(bucket.put(NAME, file), Problem.UNAVAILABLE);
        }
        assertThat(objects).isEmpty();
    }

    private static ImageSettings.S3 settings(String endpoint) {
        return settings(endpoint, "secret");
    }

    private static ImageSettings.S3 settings(String endpoint, String secret) {
        return settings(endpoint, secret, Duration.ofSeconds(20));
    }

    private static ImageSettings.S3 settings(String endpoint, String secret, Duration timeout) {
        return new ImageSettings.S3(
                "pictures", "kept/", "eu-central-1", URI.create(endpoint), true, "key", secret, timeout);
    }

    private static Mono<Void> serve(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> {
                    try {
                        return respond(request, SIGNATURE.check(request, body), response);
                    } catch (GeneralSecurityException e) {
                        return response.status(403)
                                .header("Content-Type", "application/xml")
                                .sendString(Mono.just("<Error><Code>SignatureDoesNotMatch</Code><Message>"
                                        + e.getMessage() + "</Message></Error>"))
                                .then();
                    }
                });
    }

    private static Mono<Void> respond(HttpServerRequest request, byte[] body, HttpServerResponse response) {
        var key = request.uri().split("\\?", 2)[0];
        var object = objects.get(key);
        return switch (request.method().name()) {
            case "PUT" -> {
                objects.put(key, body);
                yield response.status(200).send().then();
            }
            case "DELETE" -> {
                objects.remove(key);
                yield response.status(204).send().then();
            }
            case "HEAD" ->
                object == null
                        ? response.status(404).send().then()
                        : response.header("Content-Length", Integer.toString(object.length))
                                .send()
                                .then();
            default ->
                object == null
                        ? missing(response)
                        : part(object, request.requestHeaders().get("Range"), response);
        };
    }

    private static Mono<Void> missing(HttpServerResponse response) {
        return response.status(404)
                .header("Content-Type", "application/xml")
                .sendString(Mono.just("<Error><Code>NoSuchKey</Code><Message>None</Message></Error>"))
                .then();
    }

    private static Mono<Void> part(byte[] object, String range, HttpServerResponse response) {
        var requested = HttpRange.parseRanges(range).getFirst();
        int from = (int) requested.getRangeStart(object.length);
        int to = (int) requested.getRangeEnd(object.length) + 1;
        return response.status(206)
                .header("Content-Length", Integer.toString(to - from))
                .sendByteArray(Mono.just(java.util.Arrays.copyOfRange(object, from, to)))
                .then();
    }
}
