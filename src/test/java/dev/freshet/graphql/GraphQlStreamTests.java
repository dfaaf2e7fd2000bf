package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.IdentityChanges;
import dev.freshet.identity.credential.Revocations;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Subscriptions over server-sent events. */
class GraphQlStreamTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    static final ParameterizedTypeReference<ServerSentEvent<String>> EVENTS = new ParameterizedTypeReference<>() {};
    private static final String EVENTS_OF_TAG = "subscription($tag: String!, $since: String) {"
            + " events(filter: {tags: [$tag]}, since: $since, announce: true) {"
            + " type cursor id reason article { title body } } }";

    private final Gql author = new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR));
    private final String tag = "tag-" + UUID.randomUUID();

    @Test
    void streamHasMissedAndLiveEvents() {
        publish("Missed");
        var live = stream(EVENTS_OF_TAG, Map.of("tag", tag, "since", "earliest"))
                .doOnNext(event -> {
                    if (type(event).equals("LIVE")) {
                        publish("Live");
                    }
                })
                .take(3)
                .collectList();

        var events = get(live);

        assertThat(events).extracting(GraphQlStreamTests::type).containsExactly("PUBLISHED", "LIVE", "PUBLISHED");
        assertThat(event(events.get(0)).path("article").path("body").asString()).isEqualTo("Text.");
        assertThat(event(events.get(2)).path("article").path("title").asString())
                .isEqualTo("Live");
        assertThat(events.get(2).event()).isEqualTo("next");
        assertThat(events.get(2).id())
                .isEqualTo(event(events.get(2)).path("cursor").asString());
    }

    @Test
    void clientResumesAfterItsLastEvent() {
        publish("First");
        publish("Second");
        var first = get(
                stream(EVENTS_OF_TAG, Map.of("tag", tag, "since", "earliest")).next());

        var byHeader = get(stream(
                        EVENTS_OF_TAG,
                        Map.of("tag", tag, "since", "earliest"),
                        "Last-Event-ID",
                        Objects.requireNonNull(first.id()))
                .next());
        var byArgument = get(stream(EVENTS_OF_TAG, Map.of("tag", tag, "since", Objects.requireNonNull(first.id())))
                .next());

        assertThat(event(byHeader).path("article").path("title").asString()).isEqualTo("Second");
        assertThat(byArgument.data()).isEqualTo(byHeader.data());
    }

    @Test
    void unknownCursorBeginsWithAReset() {
        var event = get(stream(EVENTS_OF_TAG, Map.of("tag", tag), "Last-Event-ID", "unknown")
                .next());

        assertThat(type(event)).isEqualTo("RESET");
        assertThat(event(event).path("reason").asString()).isEqualTo("unknown-history");
    }

    @Test
    void withdrawnArticleHasNoContent() {
        var id = publish("Secret");
        author.data("mutation($id: ID!) { withdrawArticle(id: $id, version: 1) { id } }", Map.of("id", id));

        var events = get(stream(EVENTS_OF_TAG, Map.of("tag", tag, "since", "earliest"))
                .take(2)
                .collectList());

        assertThat(events).extracting(GraphQlStreamTests::type).containsExactly("PUBLISHED", "WITHDRAWN");
        assertThat(events)
                .allSatisfy(event ->
                        assertThat(event(event).path("article").isNull()).isTrue());
        assertThat(events)
                .noneMatch(event -> Objects.requireNonNull(event.data()).contains("Secret"));
    }

    @Test
    void boundedStreamCompletes() {
        publish("Only");
        var document = "subscription($tag: String!) {"
                + " events(filter: {tags: [$tag]}, since: \"earliest\", follow: false) { article { title } } }";

        var events = get(stream(document, Map.of("tag", tag)).collectList());

        assertThat(events).extracting(ServerSentEvent::event).containsExactly("next", "complete");
    }

    @Test
    void queryIsAnsweredByEvents() {
        var events = get(stream("{ me { scopes } }", Map.of()).collectList());

        assertThat(events).extracting(ServerSentEvent::event).containsExactly("next", "complete");
        assertThat(events.getFirst().data()).isEqualTo("{\"data\":{\"me\":null}}");
    }

    @Test
    void invalidSubscriptionIsRefusedBeforeTheStream() {
        for (var document : List.of(
                "subscription { unknown }",
                "subscription { events(since: \"never\") { type } }",
                "subscription { events(filter: {following: true}) { type } }",
                "subscription { events { type } more: events { type } }")) {
            var reply = new Gql(INSTANCE).post(document, Map.of(), "Accept", "text/event-stream");
            assertThat(reply.json().path("errors")).as(document).isNotEmpty();
            assertThat(reply.code()).as(document).isBetween(400, 499);
        }
    }

    @Test
    void selectionIsEncodedOnceForAllSubscribers() {
        var document =
                "subscription($tag: String!) { events(filter: {tags: [$tag]}, announce: true) { type article { title } } }";
        var live = new CountDownLatch(8);
        var events = Flux.range(0, 8)
                .flatMap(
                        i -> stream(document, Map.of("tag", tag))
                                .doOnNext(event -> {
                                    if (type(event).equals("LIVE")) {
                                        live.countDown();
                                        if (live.getCount() == 0) {
                                            publish("Shared");
                                        }
                                    }
                                })
                                .filter(event -> type(event).equals("PUBLISHED"))
                                .next(),
                        8)
                .collectList();

        assertThat(get(events))
                .hasSize(8)
                .extracting(ServerSentEvent::data)
                .containsOnly("{\"data\":{\"events\":{\"type\":\"PUBLISHED\",\"article\":{\"title\":\"Shared\"}}}}");
    }

    @Test
    void revokedCredentialClosesTheStream() {
        var session = UUID.randomUUID();
        var account = INSTANCE.account("Revoked " + tag, Role.READER);
        var token = get(
                INSTANCE.bean(Tokens.class).issue(account, Set.of(Scope.ARTICLES_READ), Duration.ofHours(1), session));

        var events = get(stream(EVENTS_OF_TAG, Map.of("tag", tag), "Authorization", "Bearer " + token)
                .doOnNext(event -> {
                    if (type(event).equals("LIVE")) {
                        revoke(session);
                    }
                })
                .collectList());

        assertThat(events).extracting(GraphQlStreamTests::type).containsExactly("LIVE", "CLOSING");
        assertThat(event(events.getLast()).path("reason").asString()).isEqualTo("revoked");
    }

    private static void revoke(UUID session) {
        INSTANCE.bean(Revocations.class)
                .revoke(List.of(session), Instant.now().plusSeconds(600))
                .then(INSTANCE.bean(IdentityChanges.class).read())
                .block(Freshet.TIMEOUT);
    }

    private Flux<ServerSentEvent<String>> stream(String document, Map<String, ?> variables, String... headers) {
        return INSTANCE.client()
                .post()
                .uri("/graphql")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .headers(all -> {
                    for (var i = 0; i < headers.length; i += 2) {
                        all.set(headers[i], headers[i + 1]);
                    }
                })
                .bodyValue(Map.of("query", document, "variables", variables))
                .retrieve()
                .bodyToFlux(EVENTS)
                .filter(event -> event.event() != null)
                .publishOn(Schedulers.boundedElastic());
    }

    private static JsonNode event(ServerSentEvent<String> event) {
        return JsonMapper.shared()
                .readTree(Objects.requireNonNull(event.data()))
                .path("data")
                .path("events");
    }

    private static String type(ServerSentEvent<String> event) {
        return event(event).path("type").asString("");
    }

    private String publish(String title) {
        return author.data(
                        "mutation($title: String!, $tag: String!) { createArticle("
                                + "input: {title: $title, body: \"Text.\", tags: [$tag], status: PUBLISHED}) { id } }",
                        Map.of("title", title, "tag", tag))
                .path("createArticle")
                .path("id")
                .asString();
    }
}
