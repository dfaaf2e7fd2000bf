package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Mutations, with the checks of the JSON API. */
class GraphQlMutationTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String CREATE = "mutation($input: ArticleInput!, $key: String) {"
            + " createArticle(input: $input, idempotencyKey: $key) { id cursor article { title version status tags } } }";
    private static final String CHANGE = "mutation($id: ID!, $version: Int!, $changes: ArticleChanges!) {"
            + " changeArticle(id: $id, version: $version, changes: $changes) { article { title summary version } } }";

    private final Gql author = new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR));

    @Test
    void articleLivesFromDraftToWithdrawal() {
        var created = create(Map.of("title", "Life", "tags", "one", "status", "DRAFT"), null)
                .path("createArticle");
        var id = created.path("id").asString();
        assertThat(created.path("article").path("status").asString()).isEqualTo("DRAFT");
        assertThat(created.path("cursor").isNull()).isTrue();

        var changed = author.data(
                CHANGE, Map.of("id", id, "version", 1, "changes", Map.of("title", "Changed", "body", "New body.")));
        assertThat(changed.path("changeArticle").path("article").path("summary").asString())
                .isEqualTo("New body.");

        var published = author.data(
                        "mutation($id: ID!) { publishArticle(id: $id, version: 2) { cursor article { status } } }",
                        Map.of("id", id))
                .path("publishArticle");
        assertThat(published.path("article").path("status").asString()).isEqualTo("PUBLISHED");
        assertThat(published.path("cursor").asString()).isNotEmpty();

        var replaced = author.data(
                "mutation($id: ID!) { replaceArticle(id: $id, version: 3, input: {title: \"Again\"}) {"
                        + " article { title version } } }",
                Map.of("id", id));
        assertThat(replaced.path("replaceArticle")
                        .path("article")
                        .path("version")
                        .intValue())
                .isEqualTo(4);

        var withdrawn = author.data(
                "mutation($id: ID!) { withdrawArticle(id: $id, version: 4) { id article { id } cursor } }",
                Map.of("id", id));
        assertThat(withdrawn.path("withdrawArticle").path("article").isNull()).isTrue();
        assertThat(INSTANCE.get("/api/v1/articles/" + id).code()).isEqualTo(410);
    }

    @Test
    void otherVersionIsRefused() {
        var id = create(Map.of("title", "Versions"), null)
                .path("createArticle")
                .path("id")
                .asString();

        var error = author.error(CHANGE, Map.of("id", id, "version", 7, "changes", Map.of("title", "Late")));

        assertThat(error.path("type").asString()).isEqualTo("/problems/stale-version");
        assertThat(error.path("status").intValue()).isEqualTo(412);
    }

    @Test
    void repeatedCreationWithTheSameKeyHasTheSameResult() {
        var key = UUID.randomUUID().toString();
        var first = create(Map.of("title", "Once"), key).path("createArticle");

        assertThat(create(Map.of("title", "Once"), key).path("createArticle").path("id"))
                .isEqualTo(first.path("id"));
        var error = author.error(CREATE, Map.of("input", Map.of("title", "Other"), "key", key));
        assertThat(error.path("type").asString()).isEqualTo("/problems/idempotency-key-reused");
    }

    @Test
    void faultsNameTheirField() {
        var error =
                author.error(CREATE, Map.of("input", Map.of("title", "T", "publishedAt", "tomorrow", "slug", "a b")));

        assertThat(error.path("errors").path(0).path("field").asString()).isEqualTo("publishedAt");
    }

    @Test
    void nullRemovesAValue() {
        var id = create(Map.of("title", "Image", "image", "https://example.org/a.png"), null)
                .path("createArticle")
                .path("id")
                .asString();

        author.data(
                "mutation($id: ID!) { changeArticle(id: $id, version: 1, changes: {image: null}) { id } }",
                Map.of("id", id));

        assertThat(new Gql(INSTANCE, author.token())
                        .data("query($id: ID!) { article(id: $id) { image title } }", Map.of("id", id))
                        .path("article")
                        .path("image")
                        .isNull())
                .isTrue();
    }

    @Test
    void oneRequestHasOneChange() {
        var error = author.error(
                "mutation { a: createArticle(input: {title: \"A\"}) { id } b: createArticle(input: {title: \"B\"}) { id } }",
                Map.of());

        assertThat(error.path("detail").asString()).contains("one field");
    }

    @Test
    void followedNamesChange() {
        var reader = new Gql(INSTANCE, INSTANCE.token(Role.READER));

        var followed = reader.data("mutation { follow(kind: SOURCE, name: \"example.org\") { kind name } }");
        var left = reader.data("mutation { unfollow(kind: SOURCE, name: \"example.org\") { kind name } }");

        assertThat(followed.path("follow").path(0).path("kind").asString()).isEqualTo("SOURCE");
        assertThat(left.path("unfollow")).isEmpty();
    }

    @Test
    void mutedNamesChange() {
        var reader = new Gql(INSTANCE, INSTANCE.token(Role.READER));

        var muted = reader.data("mutation { mute(kind: AUTHOR, name: \"A bot\") { kind name } }");
        var listed = reader.data("{ muted { name since } }");
        var unmuted = reader.data("mutation { unmute(kind: AUTHOR, name: \"A bot\") { name } }");

        assertThat(muted.path("mute").path(0).path("kind").asString()).isEqualTo("AUTHOR");
        assertThat(listed.path("muted").path(0).path("name").asString()).isEqualTo("A bot");
        assertThat(unmuted.path("unmute")).isEmpty();
    }

    @Test
    void savedSearchesChange() {
        var reader = new Gql(INSTANCE, INSTANCE.token(Role.READER));

        var saved = reader.data("mutation { saveSearch(name: \"Birds\", q: \"heron\") { name q hasAddress } }");
        var address = reader.data("mutation { renewSearchAddress(name: \"birds\") { atom rss jsonFeed } }")
                .path("renewSearchAddress");
        var listed = reader.data("{ savedSearches { name hasAddress since } }");
        assertThat(INSTANCE.get(address.path("rss").asString()).code()).isEqualTo(200);
        reader.data("mutation { deleteSearchAddress(name: \"birds\") }");
        var deleted = reader.data("mutation { deleteSearch(name: \"BIRDS\") { name } }");

        assertThat(saved.path("saveSearch").path(0).path("q").asString()).isEqualTo("heron");
        assertThat(listed.path("savedSearches").path(0).path("hasAddress").booleanValue())
                .isTrue();
        assertThat(INSTANCE.get(address.path("rss").asString()).code()).isEqualTo(404);
        assertThat(deleted.path("deleteSearch")).isEmpty();
    }

    private JsonNode create(Map<String, ?> input, @Nullable String key) {
        return author.data(CREATE, key == null ? Map.of("input", input) : Map.of("input", input, "key", key));
    }
}
