package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

/** Random documents and variables cause no fault of the server. */
class GraphQlFuzzTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final int REQUESTS = 600;
    private static final List<String> TOKENS = List.of(
            "query",
            "mutation",
            "subscription",
            "fragment",
            "on",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ":",
            "!",
            "=",
            "$v",
            "@skip(if: $v)",
            "@include(if: true)",
            "...",
            "...F",
            "... on Article {",
            "articles",
            "article",
            "feeds",
            "me",
            "following",
            "nodes",
            "edges",
            "node",
            "cursor",
            "title",
            "body",
            "pageInfo",
            "hasNextPage",
            "__typename",
            "__schema",
            "types",
            "name",
            "__type(name: \"Query\")",
            "articles(first: $v)",
            "articles(after: $v)",
            "articles(filter: {q: $v})",
            "articles(filter: {tags: [$v]})",
            "article(id: $v)",
            "feeds(kind: TAG, after: $v)",
            "$v: Int",
            "$v: String!",
            "$v: ID!",
            "createArticle(input: {title: $v})",
            "createToken(input: {name: $v, scopes: [$v]})",
            "importArticles(text: $v)",
            "accounts(first: $v)",
            "subscriptions(after: $v)",
            "articles(last: $v, before: $v)",
            "publishArticle(id: $v, version: 1)",
            "id",
            "events(since: $v)",
            "type",
            "\"\"\"",
            "\"text\"",
            "1",
            "-1",
            "1e999",
            "99999999999999999999",
            "null",
            "true",
            "#\n",
            ",",
            "\u0000",
            "é",
            "alias:",
            "F");
    private static final List<String> DOCUMENTS = List.of(
            "query($v: Int) { articles(first: $v) { nodes { id title body html tags attachments { url } } cursor } }",
            "query($v: String) { articles(after: $v) { edges { cursor node { title } } } }",
            "query($v: Int) { articles(last: $v) { nodes { title } pageInfo { hasNextPage } } }",
            "query($v: String) { articles(before: $v) { nodes { title } pageInfo { hasNextPage } } }",
            "query($v: String) { articles(filter: {q: \"x\"}, after: $v, before: $v) { nodes { title } } }",
            "query($v: Int) { accounts(first: $v) { nodes { name } } }",
            "query($v: String) { accounts(after: $v) { nodes { name disabledAt } } }",
            "query($v: ID!) { account(id: $v) { name role } }",
            "query($v: String) { subscriptions(after: $v) { nodes { name feed { tags } state } } }",
            "query($v: ID!) { subscription(id: $v) { name } }",
            "query($v: String) { rejectedEvents(id: \"x\", after: $v) { nodes { cursor } } }",
            "query($v: String) { streams(after: $v) { count nodes { id state feed { q } } } }",
            "mutation($v: String!) { createToken(input: {name: $v, scopes: [$v]}) { id } }",
            "mutation($v: DateTime) { createToken(input: {name: \"T\", scopes: [\"account\"], expiresAt: $v}) { id } }",
            "mutation($v: String!) { createAccount(input: {name: $v, email: $v, role: READER}) { id role } }",
            "mutation($v: AccountChanges!) { changeAccount(id: \"x\", changes: $v) { id } }",
            "mutation($v: StoredSubscriptionInput!) { createSubscription(input: $v) { id key } }",
            "mutation($v: String!) { createSubscription(input: {name: $v, feed: {q: $v}, start: $v, target: {type: $v, a: [1, 1.5, null, {b: true}]}}) { id } }",
            "mutation($v: String!) { importArticles(text: $v, format: LINES, language: $v, address: $v) { read } }",
            "mutation($v: String) { importArticles(text: $v) { read rejections { line reason } } }",
            "mutation($v: String!) { signIn(name: $v, password: $v) { accessToken } }",
            "mutation($v: String!) { refreshSession(refreshToken: $v) { accessToken } }",
            "mutation($v: String!) { resetPassword(token: $v, password: $v) }",
            "mutation($v: String!) { changePassword(current: $v, password: $v) }",
            "mutation($v: ID!) { closeStream(id: $v) }",
            "query($v: String) { articles(filter: {q: $v}) { nodes { title } } }",
            "query($v: String!) { articles(filter: {tags: [$v], authors: [$v]}) { nodes { title } } }",
            "query($v: ArticleFilter) { articles(filter: $v) { nodes { title } } }",
            "query($v: ID!) { article(id: $v) { title version } }",
            "query($v: String) { feeds(after: $v, first: 3) { nodes { name } } }",
            "query($v: Int) { feeds(first: $v) { nodes { name } } }",
            "mutation($v: String!) { createArticle(input: {title: $v}) { id } }",
            "mutation($v: String!) { createArticle(input: {title: \"T\", body: $v, slug: $v}) { id } }",
            "mutation($v: String) { createArticle(input: {title: \"T\"}, idempotencyKey: $v) { id } }",
            "mutation($v: DateTime) { createArticle(input: {title: \"T\", publishedAt: $v}) { id } }",
            "mutation($v: Long) { createArticle(input: {title: \"T\", attachments: [{url: \"x\", length: $v}]}) { id } }",
            "mutation($v: ArticleChanges!) { changeArticle(id: \"x\", version: 1, changes: $v) { id } }",
            "mutation($v: Int!) { publishArticle(id: \"00000000-0000-0000-0000-000000000000\", version: $v) { id } }",
            "mutation($v: String!) { follow(kind: TAG, name: $v) { name } }",
            "mutation($v: String!) { unfollow(kind: TAG, name: $v) { name } }",
            "query($v: Boolean!) { me @skip(if: $v) { scopes } __typename @include(if: $v) }");
    private static final List<Object> VALUES = List.of(
            "",
            "x",
            "\u0000",
            "\ud800",
            "-".repeat(100),
            "P1D",
            "earliest",
            "latest",
            "\"",
            "or or",
            "-",
            "a".repeat(600),
            -1,
            0,
            1,
            201,
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            1.5,
            true,
            List.of(),
            List.of(List.of(1)),
            Map.of(),
            Map.of("q", "x"),
            "00000000-0000-0000-0000-000000000000",
            "AAAA",
            "1-1");

    @Test
    void randomRequestsCauseNoServerFault() {
        // A run that fails names the request, so that it can be repeated.
        var random = new Random(20);
        var token = INSTANCE.token(Role.ADMIN);
        var bodies = IntStream.range(0, REQUESTS).mapToObj(i -> body(random)).toList();

        var faults = get(Flux.fromIterable(bodies)
                .flatMap(
                        body -> INSTANCE.send(
                                        HttpMethod.POST,
                                        "/graphql",
                                        body,
                                        "Authorization",
                                        "Bearer " + token,
                                        "Accept",
                                        "application/graphql-response+json")
                                .filter(reply -> reply.code() >= 500
                                        || reply.body().contains("/problems/internal")
                                        || reply.body().contains("Exception"))
                                .map(reply -> body + " → " + reply.code() + " " + reply.body()),
                        4)
                .collectList());

        assertThat(faults).isEmpty();
    }

    private static String body(Random random) {
        var document = random.nextBoolean() ? valid(random) : tokens(random);
        var variables = new HashMap<String, @Nullable Object>();
        variables.put("v", random.nextInt(8) == 0 ? null : VALUES.get(random.nextInt(VALUES.size())));
        return JsonMapper.shared().writeValueAsString(Map.of("query", document, "variables", variables));
    }

    /** Returns tokens of the language in any order. */
    private static String tokens(Random random) {
        return IntStream.range(0, random.nextInt(1, 60))
                .mapToObj(i -> TOKENS.get(random.nextInt(TOKENS.size())))
                .collect(Collectors.joining(" "));
    }

    /** Returns a document that is valid unless the variable has the wrong type. */
    private static String valid(Random random) {
        return DOCUMENTS.get(random.nextInt(DOCUMENTS.size()));
    }
}
