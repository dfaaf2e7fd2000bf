package dev.freshet.content.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpRange;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.test.StepVerifier;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The client that the settings give, against a server that keeps objects as the protocol says. */
class S3StoreTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ImageName NAME = ImageName.of(ImageType.PNG);

    private static final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private static DisposableServer server;
    private static S3AsyncClient client;
    private static ImageStore store;

    @BeforeAll
    static void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .handle(S3StoreTests::serve)
                .bindNow();
        var settings = settings("http://127.0.0.1:" + server.port());
        client = new ImageConfiguration.Bucket().s3Client(settings);
        store = new ImageConfiguration.Bucket().imageBucket(client, settings);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.disposeNow();
    }

    @Test
    void objectIsKeptReadInPartsAndDeleted(@TempDir Path folder) throws IOException {
        var bytes = "0123456789".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
        var file = Files.write(folder.resolve("image"), bytes);

        store.put(NAME, file).block(PATIENCE);

        assertThat(objects).containsOnlyKeys("/pictures/kept/" + NAME);
        assertThat(objects.get("/pictures/kept/" + NAME)).isEqualTo(bytes);
        assertThat(store.length(NAME).block(PATIENCE)).isEqualTo(bytes.length);
        assertThat(read(0, bytes.length)).isEqualTo(new String(bytes, StandardCharsets.US_ASCII));
        assertThat(read(8, 4)).isEqualTo("8901");
        store.delete(NAME).block(PATIENCE);
        store.delete(NAME).block(PATIENCE);
        assertThat(objects).isEmpty();
        StepVerifier.create(store.length(NAME)).verifyComplete();
        assertProblem(store.read(NAME, 0, 1).then(), Problem.NOT_FOUND);
    }

    @Test
    void bucketThatDoesNotAnswerIsToldAsThat(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("image"), "x");
        var closed = settings("http://127.0.0.1:1");
        try (var nobody = new ImageConfiguration.Bucket().s3Client(closed)) {
            var away = new ImageConfiguration.Bucket().imageBucket(nobody, closed);
            assertProblem(away.put(NAME, file), Problem.UNAVAILABLE);
            assertProblem(away.length(NAME).then(), Problem.UNAVAILABLE);
        }
    }

    private static String read(long from, long count) {
        return Objects.requireNonNull(DataBufferUtils.join(store.read(NAME, from, count))
                .map(buffer -> buffer.toString(StandardCharsets.US_ASCII))
                .block(PATIENCE));
    }

    private static void assertProblem(Mono<Void> action, Problem problem) {
        StepVerifier.create(action)
                .expectErrorSatisfies(error ->
                        assertThat(((ProblemException) error).problem()).isEqualTo(problem))
                .verify(PATIENCE);
    }

    private static ImageSettings settings(String endpoint) {
        return new ImageSettings(
                null,
                DataSize.ofMegabytes(1),
                1_000_000,
                1,
                1,
                Duration.ofHours(1),
                new ImageSettings.S3("pictures", "kept/", "eu-central-1", URI.create(endpoint), true, "key", "secret"));
    }

    private static Mono<Void> serve(HttpServerRequest request, HttpServerResponse response) {
        var headers = request.requestHeaders();
        if (!headers.get("Authorization", "").startsWith("AWS4-HMAC-SHA256 Credential=key/")) {
            return response.status(403).send().then();
        }
        var key = request.uri().split("\\?", 2)[0];
        var object = objects.get(key);
        return switch (request.method().name()) {
            case "PUT" ->
                request.receive()
                        .aggregate()
                        .asByteArray()
                        .doOnNext(bytes -> objects.put(
                                key,
                                headers.get("x-amz-content-sha256", "").startsWith("STREAMING")
                                        ? unchunked(bytes)
                                        : bytes))
                        .then(response.status(200).send().then());
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
            default -> object == null ? missing(response) : part(object, headers.get("Range"), response);
        };
    }

    private static Mono<Void> missing(HttpServerResponse response) {
        return response.status(404)
                .header("Content-Type", "application/xml")
                .sendString(Mono.just("<Error><Code>NoSuchKey</Code><Message>None</Message></Error>"))
                .then();
    }

    private static Mono<Void> part(byte[] object, String range, HttpServerResponse response) {
        var asked = HttpRange.parseRanges(range).getFirst();
        int from = (int) asked.getRangeStart(object.length);
        int to = (int) asked.getRangeEnd(object.length) + 1;
        return response.status(206)
                .header("Content-Length", Integer.toString(to - from))
                .sendByteArray(Mono.just(java.util.Arrays.copyOfRange(object, from, to)))
                .then();
    }

    /** What the SDK signs piece by piece: {@code length;signature CRLF bytes CRLF}. */
    private static byte[] unchunked(byte[] body) {
        var out = new ByteArrayOutputStream();
        var at = 0;
        while (at < body.length) {
            var end = at;
            while (body[end] != '\n') {
                end++;
            }
            var length = Integer.parseInt(
                    new String(body, at, end - at, StandardCharsets.US_ASCII)
                            .strip()
                            .split(";", 2)[0],
                    16);
            if (length == 0) {
                break;
            }
            out.write(body, end + 1, length);
            at = end + 1 + length + 2;
        }
        return out.toByteArray();
    }
}
