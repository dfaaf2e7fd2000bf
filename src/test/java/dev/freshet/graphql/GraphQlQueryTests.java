package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.article.Article;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Freshet;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** Queries over HTTP. */
class GraphQlQueryTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String TITLES = """
            query($tag: String!, $first: Int, $after: String) {
              articles(filter: {tags: [$tag]}, first: $first, after: $after) {
                nodes { title } pageInfo { hasNextPage hasPreviousPage endCursor } cursor
              }
            }""";

    private final Gql anonymous = new Gql(INSTANCE);
    private final String author = INSTANCE.token(Role.AUTHOR);
    private final String tag = "tag-" + UUID.randomUUID();

    @Test
    void connectionHasThePagesOfTheFeed() {
        var expected = new ArrayList<String>();
        for (var i = 0; i < 5; i++) {
            publish("Article " + i);
            expected.addFirst("Article " + i);
        }

        var titles = new ArrayList<String>();
        var after = "";
        boolean hasNext;
        do {
            var variables =
                    after.isEmpty() ? Map.of("tag", tag, "first", 2) : Map.of("tag", tag, "first", 2, "after", after);
            var page = anonymous.data(TITLES, variables).path("articles");
            page.path("nodes").forEach(node -> titles.add(node.path("title").asString()));
            assertThat(page.path("pageInfo").path("hasPreviousPage").booleanValue())
                    .isEqualTo(!after.isEmpty());
            hasNext = page.path("pageInfo").path("hasNextPage").booleanValue();
            after = page.path("pageInfo").path("endCursor").asString();
        } while (hasNext);

        assertThat(titles).isEqualTo(expected);
    }

    @Test
    void connectionHasPagesFromTheEnd() {
        for (var i = 0; i < 5; i++) {
            publish("Article " + i);
        }
        var document = "query($tag: String!, $last: Int, $before: String) {"
                + " articles(filter: {tags: [$tag]}, last: $last, before: $before) {"
                + " nodes { title } pageInfo { hasNextPage hasPreviousPage startCursor } } }";

        var end = anonymous.data(document, Map.of("tag", tag, "last", 2)).path("articles");
        var before = end.path("pageInfo").path("startCursor").asString();
        var middle = anonymous
                .data(document, Map.of("tag", tag, "last", 2, "before", before))
                .path("articles");
        // Without a size, the page ends before the cursor too.
        var rest =
                anonymous.data(document, Map.of("tag", tag, "before", before)).path("articles");

        assertThat(titles(end)).containsExactly("Article 1", "Article 0");
        assertThat(end.path("pageInfo").path("hasNextPage").booleanValue()).isFalse();
        assertThat(end.path("pageInfo").path("hasPreviousPage").booleanValue()).isTrue();
        assertThat(titles(middle)).containsExactly("Article 3", "Article 2");
        assertThat(middle.path("pageInfo").path("hasNextPage").booleanValue()).isTrue();
        assertThat(middle.path("pageInfo").path("hasPreviousPage").booleanValue())
                .isTrue();
        assertThat(titles(rest)).containsExactly("Article 4", "Article 3", "Article 2");
        assertThat(rest.path("pageInfo").path("hasPreviousPage").booleanValue()).isFalse();
    }

    @Test
    void filterSelectsLanguages() {
        publish("English");
        var document = "query($tag: String!, $languages: [String!]) {"
                + " articles(filter: {tags: [$tag], languages: $languages}) { nodes { title } } }";

        assertThat(titles(anonymous
                        .data(document, Map.of("tag", tag, "languages", List.of("de", "en")))
                        .path("articles")))
                .containsExactly("English");
        assertThat(titles(anonymous
                        .data(document, Map.of("tag", tag, "languages", List.of("de")))
                        .path("articles")))
                .isEmpty();
    }

    @Test
    void filterExcludesNames() {
        publish("Excluded");
        var document = "query($tag: String!, $not: ExcludedNamesInput) {"
                + " articles(filter: {tags: [$tag], not: $not}) { nodes { title } } }";

        assertThat(titles(anonymous
                        .data(document, Map.of("tag", tag, "not", Map.of("sources", List.of("none"))))
                        .path("articles")))
                .containsExactly("Excluded");
        assertThat(titles(anonymous
                        .data(document, Map.of("tag", tag, "not", Map.of("tags", List.of(tag))))
                        .path("articles")))
                .isEmpty();
    }

    @Test
    void invalidSizesAndCursorsAreRefused() {
        for (var arguments : List.of(
                "first: 1, last: 1",
                "first: 0",
                "first: -1",
                "first: 201",
                "last: 0",
                "last: -1",
                "last: 201",
                "after: \"x\"",
                "before: \"\"")) {
            var error = anonymous.error("{ articles(" + arguments + ") { cursor } }", Map.of());
            assertThat(error.path("status").intValue()).as(arguments).isEqualTo(400);
        }
    }

    private static List<String> titles(JsonNode connection) {
        return connection
                .path("nodes")
                .valueStream()
                .map(node -> node.path("title").asString())
                .toList();
    }

    @Test
    void articleHasTheValuesOfItsJson() {
        var id = publish("Same");
        var json = INSTANCE.get("/api/v1/articles/" + id).json();
        var names = String.join(" ", Article.fieldNames()).replace("attachments", "attachments { url type }");

        var article = anonymous
                .data("query($id: ID!) { article(id: $id) { " + names + " } }", Map.of("id", id))
                .path("article");

        assertThat(Article.fieldNames()).allSatisfy(name -> {
            var value = article.path(name);
            var expected = json.path(name);
            switch (name) {
                case "status" -> assertThat(value.asString()).isEqualTo("PUBLISHED");
                case "attachments" ->
                    assertThat(value.path(0).path("url"))
                            .isEqualTo(expected.path(0).path("url"));
                default ->
                    assertThat(value.isNull() ? null : value.toString())
                            .as(name)
                            .isEqualTo(expected.isMissingNode() ? null : expected.toString());
            }
        });
    }

    @Test
    void pagesAndSearchesHaveBodiesIfSelected() {
        publish("Zanzibar " + tag);

        var node = anonymous
                .data(
                        "query($q: String!) { articles(filter: {q: $q}) { edges { cursor node { title body html } } } }",
                        Map.of("q", "zanzibar"))
                .path("articles")
                .path("edges")
                .path(0);

        assertThat(node.path("node").path("html").asString()).contains("<em>works</em>");
        assertThat(node.path("cursor").asString()).isNotEmpty();
    }

    @Test
    void draftIsVisibleToItsOwnerAlone() {
        var id = new Gql(INSTANCE, author)
                .data("mutation { createArticle(input: {title: \"Draft\"}) { id } }")
                .path("createArticle")
                .path("id")
                .asString();
        var query = "query($id: ID!) { article(id: $id) { title status } }";

        assertThat(new Gql(INSTANCE, author)
                        .data(query, Map.of("id", id))
                        .path("article")
                        .path("status")
                        .asString())
                .isEqualTo("DRAFT");
        var refused = anonymous.error(query, Map.of("id", id));
        assertThat(refused.path("type").asString()).isEqualTo("/problems/article-not-found");
        assertThat(refused.path("status").intValue()).isEqualTo(404);
        assertThat(refused.path("detail").asString()).isNotEmpty();
        assertThat(new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR))
                        .error(query, Map.of("id", id))
                        .path("status")
                        .intValue())
                .isEqualTo(404);
    }

    @Test
    void feedsAreThoseOfTheDirectory() {
        publish("One");
        var names = new ArrayList<String>();
        var after = "";
        do {
            var part = anonymous
                    .data(
                            "query($after: String) { feeds(kind: TAG, first: 2, after: $after) {"
                                    + " nodes { kind name articles changedAt } pageInfo { hasNextPage endCursor } } }",
                            after.isEmpty() ? Map.of() : Map.of("after", after))
                    .path("feeds");
            part.path("nodes").forEach(feed -> names.add(feed.path("name").asString()));
            after = part.path("pageInfo").path("hasNextPage").booleanValue()
                    ? part.path("pageInfo").path("endCursor").asString()
                    : "";
        } while (!after.isEmpty());

        assertThat(names).contains(tag).doesNotHaveDuplicates();
    }

    @Test
    void meIsTheCaller() {
        var id = INSTANCE.account("Me " + tag, Role.AUTHOR);
        var token = INSTANCE.token(id, Set.of(Scope.ARTICLES_READ));

        var document = "{ me { account { id name role } scopes expiresAt } }";
        var following = "{ following { name } }";

        var me = new Gql(INSTANCE, token).data(document).path("me");
        new Gql(INSTANCE, INSTANCE.token(Role.READER)).data(following);

        assertThat(me.path("account").path("id").asString()).isEqualTo(id.toString());
        assertThat(me.path("account").path("role").asString()).isEqualTo("AUTHOR");
        assertThat(me.path("scopes")).extracting(JsonNode::asString).containsExactly("articles:read");
        // The same documents: nothing of one caller is cached for another.
        assertThat(anonymous.data(document).path("me").isNull()).isTrue();
        assertThat(anonymous.error(following, Map.of()).path("status").intValue())
                .isEqualTo(401);
    }

    @Test
    void followedFeedIsPersonal() {
        publish("Followed");
        var reader = new Gql(INSTANCE, INSTANCE.token(Role.READER));
        reader.data("mutation($tag: String!) { follow(kind: TAG, name: $tag) { name } }", Map.of("tag", tag));
        var query = "{ articles(filter: {following: true}) { nodes { title } } following { kind name since } }";

        var mine = reader.data(query);

        assertThat(mine.path("articles").path("nodes").path(0).path("title").asString())
                .isEqualTo("Followed");
        assertThat(mine.path("following").path(0).path("name").asString()).isEqualTo(tag);
        assertThat(new Gql(INSTANCE, INSTANCE.token(Role.READER))
                        .data(query)
                        .path("articles")
                        .path("nodes"))
                .isEmpty();
        assertThat(anonymous.error(query, Map.of()).path("status").intValue()).isEqualTo(401);
        assertThat(reader.post(query, Map.of()).headers().getCacheControl()).isEqualTo("private, no-store");
    }

    @Test
    void cachedResponseIsReplacedAfterAnEventOfItsFeed() {
        publish("First");
        var path = "/graphql?query=" + encode("{articles(filter:{tags:[\"" + tag + "\"]}){nodes{title}}}");
        var before = INSTANCE.get(path);

        assertThat(before.headers().getCacheControl()).isEqualTo("no-cache");
        assertThat(INSTANCE.get(path, "If-None-Match", before.etag()).code()).isEqualTo(304);
        publish("Second");
        var after = INSTANCE.get(path, "If-None-Match", before.etag());

        assertThat(after.code()).isEqualTo(200);
        assertThat(after.json().path("data").path("articles").path("nodes")).hasSize(2);
        assertThat(after.etag()).isNotEqualTo(before.etag());
    }

    @Test
    void mutationByGetIsRefused() {
        var reply =
                INSTANCE.get("/graphql?query=" + encode("mutation { publishArticle(id: \"x\", version: 1) { id } }"));

        assertThat(reply.code()).isEqualTo(405);
        assertThat(reply.headers().getFirst("Allow")).isEqualTo("POST");
    }

    @Test
    void typesOfFormsAreRefused() {
        for (var type : List.of("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x")) {
            assertThat(anonymous
                            .send("{\"query\":\"{me{scopes}}\"}", "Content-Type", type)
                            .code())
                    .as(type)
                    .isEqualTo(415);
        }
    }

    @Test
    void requestOfAnotherSiteIsRefused() {
        var reply = anonymous.send(
                "{\"query\":\"{me{scopes}}\"}", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example");

        assertThat(reply.code()).isEqualTo(403);
    }

    @Test
    void batchIsRefused() {
        var reply = anonymous.send("[{\"query\":\"{me{scopes}}\"}]");

        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.json().path("errors").path(0).path("message").asString())
                .contains("array");
    }

    @Test
    void faultyRequestsAreBadRequests() {
        for (var body : List.of(
                "{}",
                "{\"query\":1}",
                "{\"query\":\"{me{scopes}}\",\"variables\":[]}",
                "{\"query\":\"{me{scopes}}\",\"operationName\":{}}",
                "{\"query\":\"{me{scopes}}\",\"extensions\":\"x\"}",
                "{\"query\":\"{me{scopes}}\",\"unknown\":1}",
                "{\"query\":",
                "null",
                "1")) {
            var reply = anonymous.send(body);
            assertThat(reply.code()).as(body).isEqualTo(400);
            assertThat(reply.json()
                            .path("errors")
                            .path(0)
                            .path("extensions")
                            .path("type")
                            .asString())
                    .as(body)
                    .isEqualTo("/problems/invalid-request");
        }
    }

    @Test
    void invalidDocumentHasTheStatusOfItsMediaType() {
        for (var document : List.of("{", "{ unknown }", "query($n: Int!) { articles(first: $n) { cursor } }")) {
            assertThat(anonymous.post(document, Map.of()).code()).isEqualTo(200);
            var reply = anonymous.post(document, Map.of(), "Accept", "application/graphql-response+json");
            assertThat(reply.code()).as(document).isEqualTo(400);
            assertThat(reply.json().has("data")).isFalse();
            assertThat(reply.json()
                            .path("errors")
                            .path(0)
                            .path("extensions")
                            .path("status")
                            .intValue())
                    .isEqualTo(400);
        }
    }

    @Test
    void subscriptionWithoutAStreamIsRefused() {
        assertThat(anonymous.post("subscription { events { type } }", Map.of()).code())
                .isEqualTo(406);
    }

    @Test
    void excessiveDocumentsAreRefused() {
        var fields = "title ".repeat(1001);
        var aliases = IntStream.range(0, 101)
                .mapToObj(i -> "a" + i + ": me { scopes }")
                .collect(Collectors.joining(" "));
        // Doubles with each fragment: a measure that expands them would never end.
        var bomb = new StringBuilder("{ articles { nodes { ...f0 } } } fragment f60 on Article { title }");
        for (var i = 0; i < 60; i++) {
            bomb.append(" fragment f%d on Article { ...f%d ...f%d }".formatted(i, i + 1, i + 1));
        }
        var excessive = Map.of(
                "fields", "{ articles { nodes { " + fields + "} } }",
                "aliases", "{ " + aliases + " }",
                "depth", "{ __type(name: \"Query\") { " + "ofType { ".repeat(20) + "name" + " }".repeat(20) + " } }",
                "complexity", "{ articles(first: 200) { nodes { " + "title id slug summary ".repeat(26) + "} } }",
                "complexityFromTheEnd",
                        "{ articles(last: 200) { nodes { " + "title id slug summary ".repeat(26) + "} } }",
                "bomb", bomb.toString());
        excessive.forEach((name, document) -> {
            var error = anonymous.error(document, Map.of());
            assertThat(error.path("type").asString()).as(name).isEqualTo("/problems/invalid-request");
            assertThat(error.path("detail").asString()).as(name).contains("limit is");
        });
        assertThat(anonymous
                        .post("{ me { scopes } } " + "#".repeat(20_001), Map.of())
                        .code())
                .isEqualTo(413);
        // Caches hold variables, whether the document declares them or not.
        assertThat(anonymous
                        .post("{ articles { nodes { id } } }", Map.of("unused", "x".repeat(20_001)))
                        .code())
                .isEqualTo(413);
    }

    @Test
    void schemaIsServedAsText() {
        var reply = INSTANCE.get("/graphql/schema");

        assertThat(reply.body()).contains("type Query {").contains("type Subscription {");
    }

    @Test
    void everyTypeAndFieldIsDescribed() {
        var types = anonymous
                .data("{ __schema { types { name description kind fields { name description args { name description } }"
                        + " inputFields { name description } enumValues { name description } } } }")
                .path("__schema")
                .path("types");
        var undescribed = new ArrayList<String>();
        types.forEach(type -> {
            var name = type.path("name").asString();
            if (!name.startsWith("__")
                    && !Set.of("String", "Int", "Boolean", "ID", "Float").contains(name)) {
                collect(type, name, undescribed);
            }
        });
        assertThat(undescribed).isEmpty();
    }

    private static void collect(JsonNode node, String name, List<String> undescribed) {
        if (node.path("description").asString("").isEmpty()) {
            undescribed.add(name);
        }
        for (var list : List.of("fields", "args", "inputFields", "enumValues")) {
            node.path(list)
                    .forEach(
                            each -> collect(each, name + "." + each.path("name").asString(), undescribed));
        }
    }

    private String publish(String title) {
        var body = """
                {"title": "%s", "body": "It *works*.", "tags": ["%s"], "status": "published",
                 "attachments": [{"url": "https://example.org/a.mp3", "type": "audio/mpeg", "length": 5000000000}]}""".formatted(title, tag);
        var reply = get(INSTANCE.send(HttpMethod.POST, "/api/v1/articles", body, "Authorization", "Bearer " + author));
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
        return reply.text("id");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
