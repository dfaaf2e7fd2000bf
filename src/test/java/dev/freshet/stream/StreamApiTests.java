package dev.freshet.stream;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The operators' list of open streams, closing them, and responses at a limit, over real sockets. */
@Timeout(600)
class StreamApiTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static Freshet instance;
    private static String token;

    private final List<Disposable> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        instance = Freshet.start(
                Stores.database(),
                "",
                Map.of(
                        "freshet.samples", "false",
                        "freshet.stream.max-per-address", "3",
                        "freshet.stream.max-per-principal", "1"));
        token = instance.token(Role.ADMIN);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @AfterEach
    void close() {
        open.forEach(Disposable::dispose);
        until(() -> streams("").path("count").asInt() == 0);
    }

    @Test
    void listsOpenStreamsPageByPageOldestFirst() {
        open("text/event-stream", "?tag=first");
        open("application/x-ndjson", "?author=Ann&fields=full");
        open("text/event-stream", "");
        var first = streams("?limit=2");
        assertThat(first.path("count").asInt()).isEqualTo(3);
        assertThat(first.path("items")).hasSize(2);
        var one = first.path("items").path(0);
        assertThat(one.path("feed").path("tags").path(0).asString()).isEqualTo("first");
        assertThat(one.path("format").asString()).isEqualTo("sse");
        assertThat(one.path("state").asString()).isEqualTo("live");
        assertThat(one.path("lag").asInt()).isZero();
        assertThat(one.path("address").asString()).isEqualTo("127.0.0.1");
        assertThat(one.path("cursor").asString()).matches("[0-9a-f]+-\\d+");
        assertThat(first.path("items").path(1).path("format").asString()).isEqualTo("ndjson-full");
        var second = streams("?limit=2&after=" + first.path("next").asString());
        assertThat(second.path("items")).hasSize(1);
        assertThat(second.path("next").isNull()).isTrue();
    }

    @Test
    void cursorAdvancesWithoutMatchingEvents() {
        open("text/event-stream", "?tag=never");
        var cursor = Objects.requireNonNull(
                new LogWriter(instance).publish("Other", "tag").block(TIMEOUT));
        until(() -> item(0).path("cursor").asString().equals(cursor.toString()));
    }

    @Test
    void operatorClosesAStreamWithAReason() {
        var lines = open("application/x-ndjson", "");
        var id = item(0).path("id").asString();
        assertThat(delete(id).getStatusCode()).isEqualTo(HttpStatus.NO_CONTENT);
        until(() -> lines.stream().anyMatch(line -> line.contains("\"reason\":\"operator\"")));
        until(() -> streams("").path("count").asInt() == 0);
        assertThat(delete(id).getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
        assertThat(delete("not-an-id").getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
    }

    @Test
    void needsTheScopeOps() {
        var answer = ask(HttpMethod.GET, "/api/v1/streams", "application/json", false);
        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(ask(HttpMethod.DELETE, "/api/v1/streams/1", "application/json", false)
                        .getStatusCode())
                .isEqualTo(HttpStatus.UNAUTHORIZED);
    }

    @Test
    void badPageIsAProblem() {
        for (var query : List.of("?limit=0", "?limit=1001", "?limit=x", "?after=%20", "?after=zz")) {
            assertThat(ask(HttpMethod.GET, "/api/v1/streams" + query, "application/json", true)
                            .getStatusCode())
                    .as(query)
                    .isEqualTo(HttpStatus.BAD_REQUEST);
        }
    }

    @Test
    void clientsOverALimitGetTheirRepresentation() {
        for (var i = 0; i < 3; i++) {
            open("text/event-stream", "");
        }
        var api = ask(HttpMethod.GET, "/api/v1/articles", "application/x-ndjson", false);
        assertThat(api.getStatusCode()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
        assertThat(api.getHeaders().getFirst("Retry-After")).isNotNull();
        assertThat(api.getBody()).contains("/problems/too-many-streams", "address");
        var browser = ask(HttpMethod.GET, "/api/v1/articles", "text/event-stream", false);
        assertThat(browser.getStatusCode()).isEqualTo(HttpStatus.OK);
        assertThat(browser.getBody()).contains("retry:", "\"reason\":\"too-many-streams\"");
        assertThat(metrics()).contains("freshet_streams_refused_total{limit=\"address\"}");
    }

    @Test
    void accountHasALimitOfItsOwn() {
        open("application/x-ndjson", "", true);
        var second = ask(HttpMethod.GET, "/api/v1/articles", "application/x-ndjson", true);
        assertThat(second.getStatusCode()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
        assertThat(second.getBody()).contains("account");
        open("application/x-ndjson", "");
    }

    @Test
    void metricsCountStreams() {
        var lines = open("text/event-stream", "");
        new LogWriter(instance).publish("Counted", "tag").block(TIMEOUT);
        until(() -> lines.stream().anyMatch(line -> line.contains("Counted")));
        ask(HttpMethod.GET, "/api/v1/articles", "application/json", false);
        // Each event loop looks once a second.
        until(() -> metrics().contains("freshet_loop_lag_seconds_bucket"));
        assertThat(metrics())
                .contains(
                        "freshet_subscribers{format=\"sse\",state=\"live\"} 1.0",
                        "freshet_subscribers{format=\"ndjson\",state=\"catch-up\"} 0.0",
                        // config/prometheus asks for these buckets
                        "freshet_delivery_seconds_bucket{le=\"0.25\"}",
                        "freshet_page_seconds_bucket{cache=\"none\",le=\"0.25\"}",
                        "freshet_loop_lag_seconds_bucket{le=\"0.1\"}",
                        "freshet_ring_events",
                        "freshet_ring_size_bytes",
                        "freshet_ring_position",
                        "freshet_tail_position",
                        "freshet_subscribers_lag",
                        "freshet_subscribers_pending_bytes",
                        "freshet_catchup_reads_total",
                        "freshet_resets_total{reason=\"history-pruned\"}",
                        "freshet_streams_closed_total{reason=\"lagging\"}");
    }

    private List<String> open(String accept, String query) {
        return open(accept, query, false);
    }

    private List<String> open(String accept, String query, boolean signedIn) {
        var lines = new CopyOnWriteArrayList<String>();
        var before = streams("").path("items").size();
        open.add(client(signedIn)
                .get()
                .uri("/api/v1/articles" + query)
                .header("Accept", accept)
                .retrieve()
                .bodyToFlux(String.class)
                .subscribe(lines::add, failure -> {}));
        until(() -> streams("").path("items").size() > before
                && item(before).path("state").asString().equals("live"));
        return lines;
    }

    private static JsonNode streams(String query) {
        var answer = ask(HttpMethod.GET, "/api/v1/streams" + query, "application/json", true);
        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.OK);
        return JSON.readTree(answer.getBody());
    }

    private static JsonNode item(int index) {
        return streams("").path("items").path(index);
    }

    private static String metrics() {
        return Objects.requireNonNull(
                ask(HttpMethod.GET, "/actuator/prometheus", "text/plain", true).getBody());
    }

    private static ResponseEntity<String> delete(String id) {
        return ask(HttpMethod.DELETE, "/api/v1/streams/" + id, "application/json", true);
    }

    private static ResponseEntity<String> ask(HttpMethod method, String path, String accept, boolean signedIn) {
        return Objects.requireNonNull(client(signedIn)
                .method(method)
                .uri(URI.create(instance.url() + path))
                .header("Accept", accept)
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
    }

    private static WebClient client(boolean signedIn) {
        return instance.client()
                .mutate()
                .defaultHeaders(headers -> {
                    if (signedIn) {
                        headers.setBearerAuth(token);
                    }
                })
                .build();
    }
}
