package dev.freshet.stream;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Scope;
import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.identity.credential.Revocations;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams that are opened with a credential, over sockets, at two instances. */
class StreamCredentialTests {

    private static final JsonMapper JSON = new JsonMapper();

    private static Freshet first;
    private static Freshet second;
    private static LogWriter log;
    private static UUID account;

    @BeforeAll
    static void start() {
        var database = Stores.database();
        first = Freshet.start(database, "", Map.of("freshet.samples", "false"));
        second = Freshet.start(database, "", Map.of("freshet.samples", "false"));
        log = new LogWriter(first);
        account = get(first.bean(FirstAccount.class).ensure()).id();
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void revokedCredentialEndsOnlyItsStreamsAtAllInstances() {
        var session = UUID.randomUUID();
        var token = token(session, Duration.ofMinutes(10));
        var last = Flux.merge(
                        stream(first, token, null).last(),
                        stream(second, token, null).last())
                .collectList()
                .cache();
        var other = stream(second, token(UUID.randomUUID(), Duration.ofMinutes(10)), null)
                .publish()
                .autoConnect(0);
        var waiting = last.subscribe();
        untilOpen(3);
        first.bean(Revocations.class)
                .revoke(List.of(session), Instant.now().plusSeconds(600))
                .block(TIMEOUT);
        var output = Objects.requireNonNull(last.block(TIMEOUT));
        waiting.dispose();
        assertThat(output)
                .extracting(event -> event.path("reason").asString(""))
                .containsOnly("revoked");
        var next = other.next().toFuture();
        get(log.publish("After the revocation", "credentials"));
        assertThat(get(Mono.fromFuture(next)).path("type").asString()).isEqualTo("article.published");
    }

    @Test
    void reconnectWithANewCredentialMissesNoEvents() {
        var publishing = Flux.range(0, 40)
                .delayElements(Duration.ofMillis(100))
                .concatMap(number -> log.publish("Number " + number, "renewed"))
                .then()
                .cache();
        var writing = publishing.subscribe();
        var titles = new ArrayList<String>();
        var endings = new ArrayList<String>();
        @Nullable String cursor = "earliest";
        while (titles.size() < 40) {
            // Checked at ticks, so one tick later than configured.
            var token = token(UUID.randomUUID(), Duration.ofSeconds(1));
            for (var event : Objects.requireNonNull(stream(titles.size() % 2 == 0 ? first : second, token, cursor)
                    .collectList()
                    .block(TIMEOUT))) {
                if (event.path("type").asString().equals("article.published")) {
                    cursor = event.path("cursor").asString();
                    titles.add(event.path("article").path("title").asString());
                } else {
                    endings.add(event.path("type").asString());
                }
            }
        }
        publishing.block(TIMEOUT);
        writing.dispose();
        assertThat(titles)
                .isEqualTo(Flux.range(0, 40)
                        .map(number -> "Number " + number)
                        .collectList()
                        .block());
        assertThat(endings.subList(0, 2)).containsExactly("expiring", "closing");
    }

    /** Waits until so many streams are open. */
    private static void untilOpen(int count) {
        var subscribers = List.of(subscribers(first), subscribers(second));
        until(() -> subscribers.stream().mapToInt(all -> all.all().size()).sum() >= count);
    }

    private static Subscribers subscribers(Freshet instance) {
        return get(instance.bean(LiveStreams.class).live()).subscribers();
    }

    private static Flux<JsonNode> stream(Freshet instance, String token, @Nullable String since) {
        return instance.client()
                .get()
                .uri("/api/v1/articles?tag=" + (since == null ? "credentials" : "renewed&since=" + since))
                .accept(MediaType.APPLICATION_NDJSON)
                .headers(headers -> headers.setBearerAuth(token))
                .retrieve()
                .bodyToFlux(String.class)
                .filter(line -> !line.isBlank())
                .map(JSON::readTree);
    }

    private static String token(UUID session, Duration lifetime) {
        return get(first.bean(Tokens.class).issue(account, Set.of(Scope.ARTICLES_READ), lifetime, session));
    }
}
