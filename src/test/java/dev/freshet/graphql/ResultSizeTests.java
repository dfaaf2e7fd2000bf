package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;

/** Documents whose aliases make a result many times as large as its article. */
class ResultSizeTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String BODIES =
            IntStream.range(0, 90).mapToObj(i -> "a" + i + ": body").collect(Collectors.joining(" "));

    private final Gql author = new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR));
    private final String tag = "tag-" + UUID.randomUUID();
    private String id;

    @BeforeEach
    void publish() {
        id = author.data(
                        "mutation($article: ArticleInput!) { createArticle(input: $article) { article { id } } }",
                        Map.of(
                                "article",
                                Map.of(
                                        "title",
                                        "Large",
                                        "body",
                                        "Words. ".repeat(30_000),
                                        "tags",
                                        new String[] {tag},
                                        "status",
                                        "PUBLISHED")))
                .path("createArticle")
                .path("article")
                .path("id")
                .asString();
    }

    @Test
    void publicResultIsRefused() {
        var page = "query($tag: String!) { articles(filter: {tags: [$tag]}) { nodes { %s } } }";

        assertThat(author.data(page.formatted("body"), Map.of("tag", tag)).findValuesAsString("body"))
                .hasSize(1);
        var refused = author.post(page.formatted(BODIES), Map.of("tag", tag));

        assertThat(refused.code()).isEqualTo(413);
        assertThat(refused.body()).contains("more than 16777216 bytes").hasSizeLessThan(1000);
    }

    @Test
    void personalResultIsRefused() {
        var refused = author.post("query($id: ID!) { article(id: $id) { " + BODIES + " } }", Map.of("id", id));

        assertThat(refused.body()).contains("more than 16777216 bytes").hasSizeLessThan(1000);
    }

    @Test
    void eventArrivesAsAnError() {
        var document = "subscription($tag: String!) { events(filter: {tags: [$tag]}, since: \"earliest\") {"
                + " article { " + BODIES + " } } }";

        var events = get(INSTANCE.client()
                .post()
                .uri("/graphql")
                .contentType(MediaType.APPLICATION_JSON)
                .accept(MediaType.TEXT_EVENT_STREAM)
                .bodyValue(Map.of("query", document, "variables", Map.of("tag", tag)))
                .exchangeToFlux(response -> response.bodyToFlux(GraphQlStreamTests.EVENTS))
                .filter(event -> event.data() != null)
                .next());

        assertThat(events.id()).isNotEmpty();
        assertThat(events.data()).contains("more than 4194304 bytes").hasSizeLessThan(1000);
    }
}
