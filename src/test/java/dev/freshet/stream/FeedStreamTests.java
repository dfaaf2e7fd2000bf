package dev.freshet.stream;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.StringDecoder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.BodyExtractors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams of one instance over real connections, decoded by WebClient. */
class FeedStreamTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static Freshet instance;
    private static LogWriter log;

    @BeforeAll
    static void start() {
        instance = Freshet.start(
                Stores.database(),
                Stores.redis(),
                Map.of(
                        "freshet.samples", "false",
                        "freshet.stream.heartbeat", "200ms",
                        "freshet.stream.ring-events", "16",
                        "freshet.stream.catch-up-events", "8"));
        log = new LogWriter(instance);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void publishedArticleArrivesWithItsCursorAsId() {
        var since = end();
        var id = UUID.randomUUID();
        StepVerifier.create(sse("?tag=arrives&since=" + since))
                .then(() -> now(log.publish(id, "Hello", "arrives")))
                .assertNext(event -> {
                    assertThat(event.event()).isEqualTo("article.published");
                    var data = JSON.readTree(event.data());
                    assertThat(data.path("cursor").asString()).isEqualTo(event.id());
                    assertThat(data.path("type").asString()).isEqualTo("article.published");
                    assertThat(data.path("article").path("id").asString()).isEqualTo(id.toString());
                    assertThat(data.path("article").has("body")).isFalse();
                })
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void ndjsonHasTheSameEventsAndFullContent() {
        var since = end();
        now(log.publish("One", "ndjson"));
        StepVerifier.create(ndjson("?tag=ndjson&fields=full&follow=false&since=" + since))
                .assertNext(line -> {
                    assertThat(line.path("type").asString()).isEqualTo("article.published");
                    assertThat(Cursor.parse(line.path("cursor").asString())).isNotNull();
                    assertThat(line.path("article").path("title").asString()).isEqualTo("One");
                    assertThat(line.path("article").path("body").asString()).isEqualTo("b");
                    assertThat(line.path("article").path("html").asString()).isEqualTo("h");
                })
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void surrogateKeysIncludeThePreviousTags() {
        var since = end();
        var id = UUID.randomUUID();
        now(log.publish(id, "One", "keys & all"));
        now(log.retag(id, "keys & all", "elsewhere"));
        StepVerifier.create(ndjson("?fields=keys&follow=false&since=" + since))
                .assertNext(line -> {
                    assertThat(line.path("article").size()).isEqualTo(1);
                    assertThat(keys(line))
                            .containsExactly("all", "tag:keys+%26+all", "author:ann", "source:test", "article:" + id);
                })
                .assertNext(line -> assertThat(keys(line))
                        .containsExactly(
                                "all",
                                "tag:elsewhere",
                                "author:ann",
                                "source:test",
                                "tag:keys+%26+all",
                                "article:" + id))
                .expectComplete()
                .verify(TIMEOUT);
    }

    private static List<String> keys(JsonNode line) {
        return JSON.convertValue(line.path("keys"), new TypeReference<>() {});
    }

    @Test
    void headersDisableBufferingByProxies() {
        now(instance.client()
                .get()
                .uri("/api/v1/articles")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchangeToMono(response -> {
                    assertThat(response.statusCode()).isEqualTo(HttpStatus.OK);
                    assertThat(response.headers().header(HttpHeaders.CACHE_CONTROL))
                            .containsExactly("no-cache, no-transform");
                    assertThat(response.headers().header("X-Accel-Buffering")).containsExactly("no");
                    // The first bytes arrive without any event.
                    return response.bodyToFlux(DataBuffer.class)
                            .doOnNext(DataBufferUtils::release)
                            .next()
                            .then();
                }));
    }

    @Test
    void idleStreamSendsHeartbeatsAndRetryDelay() {
        StepVerifier.create(lines("?tag=silence", MediaType.TEXT_EVENT_STREAM).take(6))
                .expectNextMatches(line -> line.matches("retry:[2-6]\\d{3}"))
                .expectNext(":welcome", "", ":", "", ":")
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void catchUpThenLiveIsCompleteAndInOrder() {
        var since = end();
        now(log.publishAll(100, "catch-up"));
        StepVerifier.create(cursors("?tag=catch-up&announce=true&since=" + since, 200))
                .recordWith(ArrayList::new)
                .thenConsumeWhile(seq -> seq < since.seq() + 100)
                .then(() -> now(log.publishAll(100, "catch-up")))
                .thenConsumeWhile(seq -> true)
                .consumeRecordedWith(seqs -> assertThat(seqs).containsExactlyElementsOf(range(since.seq(), 200)))
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void lastEventIdOverridesSinceWithoutDuplicates() {
        var since = end();
        now(log.publishAll(5, "resume"));
        StepVerifier.create(sse("?tag=resume&since=earliest", new Cursor(since.epoch(), since.seq() + 3).toString())
                        .take(2)
                        .map(event -> seq(event.id())))
                .expectNext(since.seq() + 4, since.seq() + 5)
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void sinceTakesAnInstantAndADuration() {
        now(log.publish("Before", "times"));
        var time = Instant.now().plusMillis(2);
        while (!Instant.now().isAfter(time)) {
            Thread.onSpinWait();
        }
        var cursor = now(log.publish("After", "times"));
        StepVerifier.create(ndjson("?tag=times&follow=false&since=" + time))
                .assertNext(line -> assertThat(line.path("cursor").asString()).isEqualTo(cursor.toString()))
                .expectComplete()
                .verify(TIMEOUT);
        StepVerifier.create(ndjson("?tag=times&follow=false&since=PT1H"))
                .expectNextCount(2)
                .expectComplete()
                .verify(TIMEOUT);
        StepVerifier.create(ndjson("?tag=times&follow=false")).expectComplete().verify(TIMEOUT);
        for (var past : List.of("-999999999-01-01T00:00:00Z", "P999999999D")) {
            StepVerifier.create(ndjson("?tag=times&follow=false&since=" + past))
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(TIMEOUT);
        }
        for (var future : List.of("%2B999999999-12-31T23:59:59Z", "PT-99999999999H")) {
            StepVerifier.create(ndjson("?tag=times&follow=false&since=" + future))
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    @Test
    void cursorOfAnotherHistoryIsAnsweredWithAReset() {
        var end = end();
        for (var unknown : List.of("feed-1", "not a cursor", new Cursor(end.epoch(), end.seq() + 1000).toString())) {
            StepVerifier.create(sse("?tag=none", unknown))
                    .assertNext(event -> {
                        assertThat(event.event()).isEqualTo("reset");
                        assertThat(event.data()).contains("\"reason\":\"unknown-history\"");
                        assertThat(event.id()).isEqualTo(end.toString());
                    })
                    .thenCancel()
                    .verify(TIMEOUT);
        }
    }

    @Test
    void badSinceReturnsProblemWithValidForms() {
        for (var since : List.of("yesterday", "P", "P1Z", "2020-13-01T00:00:00Z", "1-2-3", "PT99999999999999999H")) {
            now(instance.client()
                    .get()
                    .uri("/api/v1/articles?since={since}", since)
                    .accept(MediaType.TEXT_EVENT_STREAM)
                    .exchangeToMono(response -> {
                        assertThat(response.statusCode()).as(since).isEqualTo(HttpStatus.BAD_REQUEST);
                        return response.bodyToMono(String.class);
                    })
                    .doOnNext(body -> assertThat(body).contains("/problems/invalid-cursor")));
        }
    }

    @Test
    void changedTagWithdrawsTheArticleFromItsOldFeedOnly() {
        var since = end();
        var id = UUID.randomUUID();
        now(log.publish(id, "Moves", "old-home"));
        now(log.retag(id, "old-home", "new-home"));
        StepVerifier.create(ndjson("?tag=old-home&follow=false&since=" + since)
                        .map(line -> line.path("type").asString()))
                .expectNext("article.published", "article.withdrawn")
                .expectComplete()
                .verify(TIMEOUT);
        StepVerifier.create(ndjson("?tag=new-home&follow=false&since=" + since)
                        .map(line -> line.path("type").asString()))
                .expectNext("article.updated")
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void replayOmitsWithdrawnArticlesAndKeepsCursors() {
        var since = end();
        var id = UUID.randomUUID();
        now(log.publish(id, "Secret", "hidden"));
        now(log.withdraw(id, "hidden"));
        // The instance hides it as soon as its tail has reported the withdrawal.
        ndjson("?tag=hidden&since=" + since)
                .filter(line -> line.path("type").asString().equals("article.withdrawn"))
                .blockFirst(TIMEOUT);
        var fromRing = ndjson("?tag=hidden&fields=full&follow=false&since=" + since);
        assertHidden(fromRing, id, since);
        now(log.publishAll(40, "fill-the-ring"));
        var fromLog = ndjson("?tag=hidden&fields=full&follow=false&since=" + since);
        assertHidden(fromLog, id, since);
    }

    private static void assertHidden(Flux<JsonNode> lines, UUID id, Cursor since) {
        StepVerifier.create(lines.map(JsonNode::toString))
                .assertNext(line -> assertThat(line)
                        .contains(id.toString(), "article.published", new Cursor(since.epoch(), since.seq() + 1) + "")
                        .doesNotContain("Secret", "body"))
                .assertNext(line -> assertThat(line).contains(id.toString(), "article.withdrawn"))
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void searchMatchesInStreamsByTheRuleOfPages() {
        var since = end();
        StepVerifier.create(ndjson("?q=borrowing+-garbage&since=" + since)
                        .map(line -> line.path("article").path("title").asString())
                        .filter(title -> !title.isEmpty()))
                .then(() -> now(log.publish("To borrow is to lend", "search")))
                .then(() -> now(log.publish("Garbage borrowed", "search")))
                .then(() -> now(log.publish("Something else", "search")))
                .then(() -> now(log.publish("A borrower returns", "search")))
                .expectNext("To borrow is to lend", "A borrower returns")
                .thenCancel()
                .verify(TIMEOUT);
        StepVerifier.create(instance.client()
                        .get()
                        .uri("/api/v1/articles?q=borrowing+-garbage")
                        .retrieve()
                        .bodyToMono(JsonNode.class))
                .assertNext(page -> assertThat(page.path("items")).hasSize(2))
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void pageAndStreamFromItsCursorAreComplete() {
        now(log.publishAll(3, "whole"));
        var page = now(instance.client()
                .get()
                .uri("/api/v1/articles?tag=whole")
                .retrieve()
                .bodyToMono(JsonNode.class));
        assertThat(page.path("items")).hasSize(3);
        var next = now(log.publishAll(2, "whole"));
        StepVerifier.create(ndjson("?tag=whole&follow=false&since="
                                + page.path("cursor").asString())
                        .map(line -> line.path("cursor").asString()))
                .expectNext(new Cursor(next.epoch(), next.seq() - 1).toString(), next.toString())
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void announcesLiveIfRequested() {
        var since = end();
        followedUpTo(Objects.requireNonNull(now(log.publishAll(30, "announce"))));
        StepVerifier.create(
                        sse("?tag=announce&announce=true&since=" + since).map(event -> String.valueOf(event.event())))
                .expectNextCount(30)
                .expectNext("live")
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void prefersTheTypeThatTheClientPrefers() {
        assertType("*/*", "application/json");
        assertType("application/json;q=0.2, text/event-stream;q=0.5", "text/event-stream");
        assertType("application/x-ndjson", "application/x-ndjson");
        now(instance.client()
                .get()
                .uri("/api/v1/articles")
                .header(HttpHeaders.ACCEPT, "image/png")
                .exchangeToMono(response -> {
                    assertThat(response.statusCode()).isEqualTo(HttpStatus.NOT_ACCEPTABLE);
                    return response.releaseBody();
                }));
    }

    private static void assertType(String accept, String type) {
        now(instance.client()
                .get()
                .uri("/api/v1/articles?follow=false")
                .header(HttpHeaders.ACCEPT, accept)
                .exchangeToMono(response -> {
                    assertThat(response.headers().contentType().orElseThrow().isCompatibleWith(MediaType.valueOf(type)))
                            .as(accept)
                            .isTrue();
                    return Mono.empty();
                }));
    }

    private static List<Long> range(long after, int count) {
        return LongStream.rangeClosed(after + 1, after + count).boxed().toList();
    }

    private static Cursor end() {
        return now(instance.bean(FeedLog.class).extent().map(Extent::end));
    }

    @SuppressWarnings("NullAway") // null for an empty one, whose value is not read
    private static <T> T now(Mono<T> mono) {
        return mono.block(TIMEOUT);
    }

    private static long seq(@Nullable String cursor) {
        return Objects.requireNonNull(Cursor.parse(Objects.requireNonNull(cursor)))
                .seq();
    }

    private static Flux<Long> cursors(String query, int count) {
        return sse(query)
                .filter(event -> event.id() != null)
                .map(event -> seq(event.id()))
                .take(count);
    }

    /** Waits until the tail of the instance is at the end of the log. Later events are live, not missed. */
    private static void followedUpTo(Cursor cursor) {
        now(Mono.fromSupplier(() -> instance.bean(MeterRegistry.class)
                        .get("freshet.ring.position")
                        .gauge()
                        .value())
                .filter(position -> position >= cursor.seq())
                .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(20))));
    }

    private static Flux<ServerSentEvent<String>> sse(String query) {
        return sse(query, "");
    }

    private static Flux<ServerSentEvent<String>> sse(String query, String lastEventId) {
        return instance.client()
                .get()
                .uri("/api/v1/articles" + query)
                .header("Last-Event-ID", lastEventId)
                .accept(MediaType.TEXT_EVENT_STREAM)
                .retrieve()
                .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
                .filter(event -> event.data() != null);
    }

    private static Flux<JsonNode> ndjson(String query) {
        return lines(query, MediaType.APPLICATION_NDJSON)
                .filter(line -> !line.isEmpty())
                .map(JSON::readTree);
    }

    /** The lines of the body as they are. */
    private static Flux<String> lines(String query, MediaType type) {
        return instance.client()
                .get()
                .uri(URI.create(instance.url() + "/api/v1/articles" + query))
                .accept(type)
                .exchangeToFlux(response -> StringDecoder.textPlainOnly(List.of("\n"), true)
                        .decode(
                                response.body(BodyExtractors.toDataBuffers()),
                                ResolvableType.forClass(String.class),
                                MediaType.TEXT_PLAIN,
                                Map.of()));
    }
}
