package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Freshet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    /** Every field of the schema for every kind of caller. A field that is not listed here fails the test. */
    @Test
    void everyFieldAdmitsTheCallersOfItsRule() {
        var id = create(Map.of("title", "Matrix", "status", "PUBLISHED"), null)
                .path("createArticle")
                .path("id")
                .asString();
        // The status of an anonymous client, of a reader, of another author, of the owner with articles:read, of an
        // editor.
        var matrix = new TreeMap<>(Map.ofEntries(
                Map.entry("Query.articles { cursor }", "- - - - -"),
                Map.entry("Query.article(id: $id) { title }", "- - - - -"),
                Map.entry("Query.feeds { cursor }", "- - - - -"),
                Map.entry("Query.me { scopes }", "- - - - -"),
                Map.entry("Query.following { name }", "401 - - 403 -"),
                Map.entry("Mutation.createArticle(input: {title: \"T\"}) { id }", "401 403 - 403 -"),
                // The version is no one's, so that nothing changes.
                Map.entry(
                        "Mutation.replaceArticle(id: $id, version: 99, input: {title: \"T\"}) { id }",
                        "401 403 403 403 412"),
                Map.entry(
                        "Mutation.changeArticle(id: $id, version: 99, changes: {title: \"T\"}) { id }",
                        "401 403 403 403 412"),
                Map.entry("Mutation.publishArticle(id: $id, version: 99) { id }", "401 403 403 403 412"),
                Map.entry("Mutation.withdrawArticle(id: $id, version: 99) { id }", "401 403 403 403 412"),
                Map.entry("Mutation.takeOverArticle(id: $id) { id }", "401 403 403 403 -"),
                Map.entry("Mutation.follow(kind: TAG, name: \"t\") { name }", "401 - - 403 -"),
                Map.entry("Mutation.unfollow(kind: TAG, name: \"t\") { name }", "401 - - 403 -")));
        var owner = UUID.fromString(author.data("{ me { account { id } } }")
                .path("me")
                .path("account")
                .path("id")
                .asString());
        var callers = new Gql[] {
            new Gql(INSTANCE),
            new Gql(INSTANCE, INSTANCE.token(Role.READER)),
            new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR)),
            new Gql(INSTANCE, INSTANCE.token(owner, Set.of(Scope.ARTICLES_READ))),
            new Gql(INSTANCE, INSTANCE.token(Role.EDITOR))
        };

        matrix.forEach((field, expected) -> {
            var parts = field.split("\\.", 2);
            var usesId = parts[1].contains("$id");
            var document = parts[0].toLowerCase(Locale.ROOT) + (usesId ? "($id: ID!)" : "") + " { " + parts[1] + " }";
            var actual = new StringBuilder();
            for (var caller : callers) {
                var status = caller.error(document, usesId ? Map.of("id", id) : Map.of())
                        .path("status");
                actual.append(actual.isEmpty() ? "" : " ").append(status.isMissingNode() ? "-" : status.asString());
            }
            assertThat(actual.toString()).as(field).isEqualTo(expected);
        });
        var fields = new TreeMap<String, String>();
        for (var type : new String[] {"Query", "Mutation"}) {
            new Gql(INSTANCE)
                    .data("query($type: String!) { __type(name: $type) { fields { name } } }", Map.of("type", type))
                    .path("__type")
                    .path("fields")
                    .forEach(field -> fields.put(type + "." + field.path("name").asString(), ""));
        }
        assertThat(matrix.keySet().stream().map(field -> field.replaceFirst("[( ].*", "")))
                .containsExactlyInAnyOrderElementsOf(fields.keySet());
    }

    private JsonNode create(Map<String, ?> input, @Nullable String key) {
        return author.data(CREATE, key == null ? Map.of("input", input) : Map.of("input", input, "key", key));
    }
}
