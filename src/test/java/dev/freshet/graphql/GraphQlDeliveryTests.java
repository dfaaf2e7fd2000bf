package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Stored subscriptions, imports and open streams. */
class GraphQlDeliveryTests {

    // As the tests of subscriptions have them. Nothing listens at the address.
    private static final Freshet INSTANCE =
            Freshet.shared(Map.of("freshet.fetch.allow", "127.0.0.1", "freshet.subscriptions.max-per-account", "3"));
    private static final String TARGET = "target: {type: \"webhook\", url: \"http://127.0.0.1:1/hook\"}";

    private final Gql owner = new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR));
    private final String tag = "tag-" + UUID.randomUUID();

    @Test
    void subscriptionLivesFromCreationToDeletion() {
        var created = owner.data(
                        "mutation($tag: String!) { createSubscription(input: {name: \"Site\", batch: 5, start: \"earliest\","
                                + " feed: {tags: [$tag], languages: [\"de\"], not: {authors: [\"bot\"], languages: [\"de-AT\"]},"
                                + " following: true}, " + TARGET
                                + "}) { id key name batch state cursor"
                                + " feed { tags authors sources languages q not { authors tags languages } following } target } }",
                        Map.of("tag", tag))
                .path("createSubscription");
        var id = created.path("id").asString();
        assertThat(created.path("key").asString()).isNotEmpty();
        assertThat(created.path("state").asString()).isEqualTo("UNVERIFIED");
        assertThat(created.at("/feed/tags/0").asString()).isEqualTo(tag);
        assertThat(created.at("/feed/not/authors/0").asString()).isEqualTo("bot");
        assertThat(created.at("/feed/languages/0").asString()).isEqualTo("de");
        assertThat(created.at("/feed/not/languages/0").asString()).isEqualTo("de-AT");
        assertThat(created.at("/feed/following").booleanValue()).isTrue();
        assertThat(created.at("/target/signature").asString()).isEqualTo("hmac-sha256");

        var listed = owner.data(
                        "{ subscriptions { edges { cursor node { id key lag { events seconds rejected } } } } }")
                .at("/subscriptions/edges/0");
        assertThat(listed.at("/node/id").asString()).isEqualTo(id);
        assertThat(listed.at("/node/key").isNull()).isTrue();
        assertThat(listed.at("/node/lag/rejected").longValue()).isZero();

        var paused =
                of("changeSubscription(id: $id, changes: {state: PAUSED, name: \"Paused\"}) { state name batch }", id);
        assertThat(paused.path("state").asString()).isEqualTo("PAUSED");
        assertThat(paused.path("batch").intValue()).isEqualTo(5);
        assertThat(of("replaceSubscriptionKey(id: $id) { key }", id).path("key").asString())
                .isNotEmpty()
                .isNotEqualTo(created.path("key").asString());
        var tested = of("testSubscription(id: $id) { delivered error }", id);
        assertThat(tested.path("delivered").booleanValue()).isFalse();
        assertThat(tested.path("error").asString()).isNotEmpty();

        var one = "query($id: ID!) { subscription(id: $id) { name } rejectedEvents(id: $id) { nodes { type } } }";
        assertThat(owner.data(one, Map.of("id", id)).at("/subscription/name").asString())
                .isEqualTo("Paused");
        var stranger = new Gql(INSTANCE, INSTANCE.token(Role.EDITOR));
        assertThat(stranger.error(one, Map.of("id", id)).path("type").asString())
                .isEqualTo("/problems/subscription-not-found");
        of("deleteSubscription(id: $id)", id);
        assertThat(owner.error(one, Map.of("id", id)).path("status").intValue()).isEqualTo(404);
    }

    @Test
    void faultsOfASubscriptionNameTheirFields() {
        var error = owner.error(
                "mutation { createSubscription(input: {name: \"\", batch: 0, " + TARGET + "}) { id } }", Map.of());

        assertThat(error.path("errors"))
                .extracting(fault -> fault.path("field").asString())
                .containsExactly("name", "batch");
    }

    @Test
    void textIsImported() {
        var document = "mutation($text: String!, $format: ImportFormat) {"
                + " importArticles(text: $text, format: $format, language: \"de\") {"
                + " read created rejected repaired rejections { line reason } repairs { line repair } } }";
        var link = "https://example.org/" + tag;
        var lines = "{\"title\": \"One\", \"canonicalUrl\": \"" + link + "/1\"}\n{\"body\": \"No title\"}\n";

        var imported =
                owner.data(document, Map.of("text", lines, "format", "LINES")).path("importArticles");
        var feed = owner.data(
                        document,
                        Map.of(
                                "text",
                                "<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><item>"
                                        + "<title>Grüße</title><link>" + link + "/2</link><category>" + tag
                                        + "</category></item></channel></rss>"))
                .path("importArticles");

        assertThat(imported.path("created").longValue()).as(imported.toString()).isEqualTo(1);
        assertThat(imported.at("/rejections/0/line").intValue()).isEqualTo(2);
        assertThat(feed.path("created").longValue()).as(feed.toString()).isEqualTo(1);
        assertThat(owner.data(
                                "query($tag: String!) { articles(filter: {tags: [$tag]}) { nodes { title language } } }",
                                Map.of("tag", tag))
                        .at("/articles/nodes"))
                .anySatisfy(node -> {
                    assertThat(node.path("title").asString()).isEqualTo("Grüße");
                    assertThat(node.path("language").asString()).isEqualTo("de");
                });
    }

    @Test
    void importHasEitherATextOrAnAddress() {
        for (var arguments : new String[] {"", "(text: \"\", url: \"https://example.org/feed\")"}) {
            var error = owner.error("mutation { importArticles" + arguments + " { read } }", Map.of());
            assertThat(error.path("status").intValue()).isEqualTo(400);
        }
        assertThat(owner.error("mutation { importArticles(text: \"no feed\") { read } }", Map.of())
                        .path("status")
                        .intValue())
                .isEqualTo(400);
    }

    @Test
    void operatorEndsAStream() {
        var admin = new Gql(INSTANCE, INSTANCE.token(Role.ADMIN));
        var ended = INSTANCE.client()
                .get()
                .uri("/api/v1/articles?tag={tag}", tag)
                .accept(MediaType.APPLICATION_NDJSON)
                .retrieve()
                .bodyToFlux(String.class)
                .collectList()
                .toFuture();
        until(() -> !stream(admin).isMissingNode());
        var stream = stream(admin);

        admin.data(
                "mutation($id: ID!) { closeStream(id: $id) }",
                Map.of("id", stream.path("id").asString()));

        assertThat(ended.orTimeout(Freshet.TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                        .join())
                .anyMatch(line -> line.contains("operator"));
        assertThat(stream.path("format").asString()).startsWith("ndjson");
    }

    private JsonNode stream(Gql admin) {
        return admin.data("{ streams(first: 1000) { count nodes { id address account format state cursor lag openedAt"
                        + " bytes pending feed { tags following } } } }")
                .at("/streams/nodes")
                .valueStream()
                .filter(stream -> stream.at("/feed/tags/0").asString("").equals(tag)
                        && stream.path("state").asString().equals("LIVE"))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }

    private JsonNode of(String field, String id) {
        return owner.data("mutation($id: ID!) { " + field + " }", Map.of("id", id))
                .path(field.replaceFirst("\\(.*", ""));
    }
}
