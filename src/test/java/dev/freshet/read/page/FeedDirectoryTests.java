package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.w3c.dom.Element;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FeedDirectoryTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Freshet instance;
    private WebClient client;
    private LogWriter log;
    private DatabaseClient database;

    @BeforeEach
    void start() {
        instance = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"));
        client = instance.client();
        log = new LogWriter(instance);
        database = instance.bean(DatabaseClient.class);
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    @Test
    void countsAreExactAfterEachChange() {
        var random = new Random(11);
        var tags = new HashMap<UUID, String>();
        for (var step = 0; step < 120; step++) {
            var known = new ArrayList<>(tags.keySet());
            var tag = "t" + random.nextInt(5);
            switch (known.isEmpty() ? 0 : random.nextInt(4)) {
                case 0, 1 -> {
                    var id = UUID.randomUUID();
                    get(log.publish(id, "A", tag));
                    tags.put(id, tag);
                }
                case 2 -> {
                    var id = known.get(random.nextInt(known.size()));
                    get(log.retag(id, Objects.requireNonNull(tags.put(id, tag)), tag));
                }
                default -> {
                    var id = known.get(random.nextInt(known.size()));
                    get(log.withdraw(id, Objects.requireNonNull(tags.remove(id))));
                }
            }
            if (random.nextInt(5) == 0) {
                assertThat(counts("tag")).as("step %d", step).isEqualTo(recount());
            }
        }
        assertThat(counts("tag")).isEqualTo(recount());
        assertThat(counts("author")).isEqualTo(Map.of("Ann", (long) tags.size()));
    }

    @Test
    void concurrentReadersCountOnce() {
        get(Flux.range(0, 200)
                .flatMap(
                        i -> log.publish("Article " + i, "t" + i % 3)
                                .then(i % 2 == 0 ? directory("?limit=" + (i + 1)) : directory("?kind=tag")),
                        8)
                .then(Mono.just(true)));
        assertThat(counts("tag")).isEqualTo(recount()).containsEntry("t0", 67L);
    }

    @Test
    void countsAgainAfterPruningOrANewEpoch() {
        get(log.publish("Before", "counted"));
        assertThat(counts("tag")).isEqualTo(Map.of("counted", 1L));
        get(log.publish("Unseen", "counted"));
        get(log.publish("Unseen too", "other"));
        get(instance.bean(FeedLog.class).prune(Instant.now().plusSeconds(60)));
        get(log.publish("After", "counted"));
        assertThat(counts("tag")).isEqualTo(Map.of("counted", 3L, "other", 1L));
        var epoch = get(instance.bean(FeedLog.class).extent()).epoch();
        get(database.sql("delete from article").fetch().rowsUpdated());
        get(instance.bean(FeedLog.class).startEpoch(epoch));
        get(directory("?kind=tag")
                .filter(each -> each.path("items").isEmpty())
                .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(100))));
    }

    @Test
    void partsContinueAmongFeedsOfTheSameSize() {
        for (var i = 0; i < 23; i++) {
            get(log.publish("Article", "t" + i));
        }
        get(log.publish("Another", "t7"));
        var names = new ArrayList<String>();
        var next = "/api/v1/feeds?kind=tag&limit=5";
        while (!next.isEmpty()) {
            var part = Objects.requireNonNull(get(answer(HttpMethod.GET, next)).getBody());
            var json = JSON.readTree(part);
            json.path("items").forEach(item -> names.add(item.path("name").asString()));
            next = json.path("next").asString("");
        }
        assertThat(names).hasSize(23).doesNotHaveDuplicates().startsWith("t7", "t0", "t1", "t10");
    }

    @Test
    void itemLinksToItsFeed() {
        get(log.publish("Here", "a & b"));
        var item = get(directory("?kind=tag")).path("items").path(0);
        assertThat(item.path("changedAt").asString()).isNotBlank();
        var feed = JSON.readTree(
                get(answer(HttpMethod.GET, item.path("href").asString())).getBody());
        assertThat(feed.path("items").path(0).path("title").asString()).isEqualTo("Here");
    }

    @Test
    void opmlListsAllFeedsWithAbsoluteAddresses() throws Exception {
        get(log.publish("Nasty", "<\"&'\u0001>"));
        var opml = get(answer(HttpMethod.GET, "/api/v1/feeds?kind=tag&format=opml"));
        assertThat(Objects.requireNonNull(opml.getHeaders().getContentType()).toString())
                .isEqualTo("text/x-opml");
        var bytes = Objects.requireNonNull(opml.getBody()).getBytes(StandardCharsets.UTF_8);
        var outlines = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(bytes))
                .getElementsByTagName("outline");
        assertThat(outlines.getLength()).isEqualTo(1);
        var outline = (Element) outlines.item(0);
        assertThat(outline.getAttribute("text")).isEqualTo("Articles #<\"&'>");
        assertThat(outline.getAttribute("xmlUrl")).startsWith(instance.url() + "/api/v1/articles?format=atom&tag=");
        assertThat(outline.getAttribute("htmlUrl")).startsWith(instance.url() + "/?tag=");
    }

    @Test
    void unchangedDirectoryReturns304AndBadParametersReturnProblems() {
        get(log.publish("One", "one"));
        var path = "/api/v1/feeds";
        var tag = Objects.requireNonNull(
                get(answer(HttpMethod.GET, path)).getHeaders().getETag());
        assertThat(get(answer(HttpMethod.GET, path, tag)).getStatusCode().value())
                .isEqualTo(304);
        assertThat(get(answer(HttpMethod.HEAD, path)).getStatusCode().value()).isEqualTo(200);
        get(log.publish("Two", "one"));
        assertThat(get(answer(HttpMethod.GET, path, tag)).getStatusCode().value())
                .isEqualTo(200);
        for (var wrong : List.of("?kind=feed", "?limit=1001", "?after=x", "?after=MSB0YWc", "?format=atom")) {
            var refused = get(answer(HttpMethod.GET, path + wrong));
            assertThat(refused.getStatusCode().value()).as(wrong).isEqualTo(400);
            assertThat(refused.getHeaders().getContentType()).hasToString("application/problem+json");
        }
    }

    private Map<String, Long> counts(String kind) {
        var counts = new TreeMap<String, Long>();
        get(directory("?kind=" + kind))
                .path("items")
                .forEach(item -> counts.put(
                        item.path("name").asString(), item.path("articles").asLong()));
        return counts;
    }

    private Map<String, Long> recount() {
        var counts = new TreeMap<String, Long>();
        get(database.sql("select tag, count(*) as n from article_tag group by tag")
                        .map(row -> Map.entry(
                                Objects.requireNonNull(row.get("tag", String.class)),
                                Objects.requireNonNull(row.get("n", Long.class))))
                        .all()
                        .collectList())
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    private Mono<JsonNode> directory(String query) {
        return answer(HttpMethod.GET, "/api/v1/feeds" + query).map(reply -> JSON.readTree(reply.getBody()));
    }

    private Mono<ResponseEntity<String>> answer(HttpMethod method, String path, String... ifNoneMatch) {
        return client.method(method)
                .uri(URI.create(instance.url() + path))
                .headers(headers -> {
                    for (var tag : ifNoneMatch) {
                        headers.set(HttpHeaders.IF_NONE_MATCH, tag);
                    }
                })
                .exchangeToMono(reply -> reply.toEntity(String.class))
                // Counting continues on a busy machine.
                .filter(reply -> reply.getStatusCode() != HttpStatus.SERVICE_UNAVAILABLE)
                .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(100)));
    }
}
