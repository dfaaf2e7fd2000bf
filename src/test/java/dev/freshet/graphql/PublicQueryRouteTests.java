package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The fast path for queries beside the slow path, which requests with a cookie take. */
class PublicQueryRouteTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String PAGE = """
            query($tag: String!, $first: Int, $after: String, $following: Boolean) {
              articles(filter: {tags: [$tag], following: $following}, first: $first, after: $after) {
                nodes { title } pageInfo { hasNextPage endCursor }
              }
            }""";

    private final Gql author = new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR));
    private final String tag = "tag-" + UUID.randomUUID();

    @Test
    void cachedResponseIsThatOfTheSlowPath() {
        publish("First");
        var path = path("{articles(filter:{tags:[\"" + tag + "\"]}){nodes{title}}}", "");
        for (var accept : List.of("application/json", "application/graphql-response+json", "*/*")) {
            var fast = assertThatPathsAgree(path, accept, 200);
            var unchanged = INSTANCE.get(path, "Accept", accept, "If-None-Match", fast.etag());

            assertThat(unchanged.code()).isEqualTo(304);
            assertThat(unchanged.headers().getVary()).isEqualTo(fast.headers().getVary());
        }
    }

    @Test
    void executedQueryHasTheResponseOfTheSlowPath() {
        publish("First");
        publish("Second");
        // Once known, a document is executed on the fast path.
        assertThat(author.data(PAGE, Map.of("tag", tag)).path("articles").path("nodes"))
                .hasSize(2);

        for (var accept : List.of("application/json", "application/graphql-response+json")) {
            var isStrict = accept.startsWith("application/graphql");
            assertThatPathsAgree(path(PAGE, variables("\"first\": 1")), accept, 200);
            assertThatPathsAgree(path(PAGE, variables("\"first\": 0")), accept, 200);
            assertThatPathsAgree(path(PAGE, variables("\"first\": \"many\"")), accept, isStrict ? 400 : 200);
            assertThatPathsAgree(path(PAGE, variables("\"after\": \"nonsense\"")), accept, 200);
            assertThatPathsAgree(path(PAGE, variables("\"following\": true")), accept, 200);
            assertThatPathsAgree(path(PAGE, "no JSON"), accept, 400);
        }
    }

    @Test
    void executedResponseIsCurrent() {
        var path = path(PAGE, variables("\"first\": 10"));
        for (var title : List.of("First", "Second", "Third")) {
            publish(title);

            assertThat(INSTANCE.get(path).body()).contains(title);
        }
    }

    private String variables(String field) {
        return "{\"tag\": \"" + tag + "\", " + field + "}";
    }

    private static Freshet.Reply assertThatPathsAgree(String path, String accept, int status) {
        // Each is sent twice: the second response may come from a cache.
        var fast = INSTANCE.get(path, "Accept", accept);
        var slow = INSTANCE.get(path, "Accept", accept, "Cookie", "other=site");

        assertThat(slow.code()).as(slow.body()).isEqualTo(status);
        for (var reply : List.of(fast, INSTANCE.get(path, "Accept", accept))) {
            assertThat(reply.code()).as(path).isEqualTo(status);
            assertThat(reply.body()).isEqualTo(slow.body());
            assertThat(headers(reply)).isEqualTo(headers(slow));
        }
        return fast;
    }

    private static Map<String, List<String>> headers(Freshet.Reply reply) {
        var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        reply.headers().forEach(headers::put);
        return headers;
    }

    private void publish(String title) {
        author.data(
                "mutation($input: ArticleInput!) { createArticle(input: $input) { id } }",
                Map.of("input", Map.of("title", title, "body", "Text.", "tags", List.of(tag), "status", "PUBLISHED")));
    }

    private static String path(String document, String variables) {
        return "/graphql?query=" + encode(document) + (variables.isEmpty() ? "" : "&variables=" + encode(variables));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
