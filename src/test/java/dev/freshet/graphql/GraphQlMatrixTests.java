package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Freshet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every field of the schema for every kind of caller. A field that is not listed here fails the test. */
class GraphQlMatrixTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());

    private static final String EVERYONE = "- - - - - -";
    private static final String INVALID = "400 400 400 400 400 400";
    private static final String OWN = "401 - - 403 - -";
    private static final String OWN_INVALID = "401 400 400 403 400 400";
    private static final String OWN_ABSENT = "401 404 404 403 404 404";
    private static final String WRITERS = "401 403 - 403 - -";
    private static final String WRITERS_INVALID = "401 403 400 403 400 400";
    private static final String WRITERS_ABSENT = "401 403 404 403 404 404";
    // The version is no one's, so that nothing changes.
    private static final String OWNERS = "401 403 403 403 412 412";
    private static final String ADMINS = "401 403 403 403 403 -";
    private static final String ADMINS_INVALID = "401 403 403 403 403 400";
    private static final String ADMINS_ABSENT = "401 403 403 403 403 404";

    /**
     * The status of an anonymous client, of a reader, of another author, of the owner with articles:read alone, of an editor
     * and of an admin.
     */
    private static final TreeMap<String, String> MATRIX = new TreeMap<>(Map.ofEntries(
            Map.entry("Query.articles { cursor }", EVERYONE),
            Map.entry("Query.article(id: $id) { title }", EVERYONE),
            Map.entry("Query.feeds { cursor }", EVERYONE),
            Map.entry("Query.me { scopes }", EVERYONE),
            Map.entry("Query.following { name }", OWN),
            Map.entry("Query.muted { name }", OWN),
            Map.entry("Query.savedSearches { name }", OWN),
            Map.entry("Query.tokens { id }", OWN),
            Map.entry("Query.sessions { id }", OWN),
            Map.entry("Query.subscriptions { nodes { id } }", OWN),
            Map.entry("Query.subscription(id: $id) { id }", OWN_ABSENT),
            Map.entry("Query.rejectedEvents(id: $id) { nodes { cursor } }", OWN_ABSENT),
            Map.entry("Query.sources { nodes { id } }", WRITERS),
            Map.entry("Query.source(id: $id) { id }", WRITERS_ABSENT),
            Map.entry("Query.sourcePolls(id: $id) { at }", WRITERS_ABSENT),
            Map.entry("Query.accounts { nodes { id } }", ADMINS),
            Map.entry("Query.account(id: $id) { id }", ADMINS_ABSENT),
            Map.entry("Query.streams { count }", ADMINS),
            Map.entry("Mutation.createArticle(input: {title: \"T\"}) { id }", WRITERS),
            Map.entry("Mutation.replaceArticle(id: $id, version: 99, input: {title: \"T\"}) { id }", OWNERS),
            Map.entry("Mutation.changeArticle(id: $id, version: 99, changes: {title: \"T\"}) { id }", OWNERS),
            Map.entry("Mutation.publishArticle(id: $id, version: 99) { id }", OWNERS),
            Map.entry("Mutation.withdrawArticle(id: $id, version: 99) { id }", OWNERS),
            Map.entry("Mutation.takeOverArticle(id: $id) { id }", "401 403 403 403 - -"),
            Map.entry("Mutation.importArticles(text: \"\", format: LINES) { read }", WRITERS),
            Map.entry("Mutation.follow(kind: TAG, name: \"t\") { name }", OWN),
            Map.entry("Mutation.unfollow(kind: TAG, name: \"t\") { name }", OWN),
            Map.entry("Mutation.mute(kind: TAG, name: \"t\") { name }", OWN),
            Map.entry("Mutation.unmute(kind: TAG, name: \"t\") { name }", OWN),
            Map.entry("Mutation.saveSearch(name: \"s\", q: \"the\") { name }", OWN_INVALID),
            Map.entry("Mutation.deleteSearch(name: \"s\") { name }", OWN),
            Map.entry("Mutation.renewSearchAddress(name: \"s\") { atom }", OWN_ABSENT),
            Map.entry("Mutation.deleteSearchAddress(name: \"s\")", OWN_ABSENT),
            Map.entry("Mutation.signIn(name: \"\", password: \"\") { scope }", INVALID),
            Map.entry("Mutation.refreshSession(refreshToken: \"\") { scope }", INVALID),
            Map.entry("Mutation.signOut", "401 - - - - -"),
            // Sign-up is closed.
            Map.entry("Mutation.signUp(name: \"\", password: \"\") { id }", "403 403 403 403 403 403"),
            Map.entry("Mutation.requestPasswordReset(name: \"\")", INVALID),
            Map.entry("Mutation.resetPassword(token: \"\", password: \"\")", INVALID),
            Map.entry("Mutation.changePassword(password: \"\")", OWN_INVALID),
            Map.entry("Mutation.createToken(input: {name: \"\", scopes: []}) { id }", OWN_INVALID),
            Map.entry("Mutation.revokeToken(id: $id)", OWN_ABSENT),
            Map.entry("Mutation.endSession(id: $id)", OWN_ABSENT),
            Map.entry("Mutation.endOtherSessions", OWN),
            Map.entry("Mutation.createStreamTicket { expiresAt }", "401 - - - - -"),
            Map.entry("Mutation.createSubscription(input: {name: \"\", target: {type: \"\"}}) { id }", OWN_INVALID),
            Map.entry("Mutation.changeSubscription(id: $id, changes: {}) { id }", OWN_ABSENT),
            Map.entry("Mutation.replaceSubscriptionKey(id: $id) { id }", OWN_ABSENT),
            Map.entry("Mutation.deleteSubscription(id: $id)", OWN_ABSENT),
            Map.entry("Mutation.testSubscription(id: $id) { delivered }", OWN_ABSENT),
            Map.entry("Mutation.resendRejectedEvent(id: $id, cursor: \"1-1\") { delivered }", OWN_ABSENT),
            Map.entry("Mutation.discardRejectedEvent(id: $id, cursor: \"1-1\")", OWN_ABSENT),
            Map.entry("Mutation.createSource(input: {url: \"\"}) { id }", WRITERS_INVALID),
            Map.entry("Mutation.changeSource(id: $id, changes: {}) { id }", WRITERS_ABSENT),
            Map.entry("Mutation.deleteSource(id: $id)", WRITERS_ABSENT),
            Map.entry("Mutation.createAccount(input: {name: \"\", role: READER}) { id }", ADMINS_INVALID),
            Map.entry("Mutation.changeAccount(id: $id, changes: {}) { id }", ADMINS_ABSENT),
            Map.entry("Mutation.closeAccount(id: $id)", ADMINS_ABSENT),
            Map.entry("Mutation.closeStream(id: \"none\")", ADMINS_ABSENT)));

    @Test
    void everyFieldIsInTheMatrix() {
        var fields = new TreeSet<String>();
        for (var type : new String[] {"Query", "Mutation"}) {
            new Gql(INSTANCE)
                    .data("query($type: String!) { __type(name: $type) { fields { name } } }", Map.of("type", type))
                    .path("__type")
                    .path("fields")
                    .forEach(field -> fields.add(type + "." + field.path("name").asString()));
        }
        assertThat(MATRIX.keySet().stream().map(field -> field.replaceFirst("[( ].*", "")))
                .containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    void everyFieldAdmitsTheCallersOfItsRule() {
        var owner = INSTANCE.account("Matrix " + UUID.randomUUID(), Role.AUTHOR);
        var id = new Gql(INSTANCE, INSTANCE.token(owner, Scope.of(Role.AUTHOR)))
                .data("mutation { createArticle(input: {title: \"Matrix\", status: PUBLISHED}) { id } }")
                .path("createArticle")
                .path("id")
                .asString();
        var callers = callers(owner);

        MATRIX.forEach((field, expected) -> {
            var parts = field.split("\\.", 2);
            var usesId = parts[1].contains("$id");
            var document = parts[0].toLowerCase(Locale.ROOT) + (usesId ? "($id: ID!)" : "") + " { " + parts[1] + " }";
            var actual = new StringBuilder();
            // A sign-out ends the credential.
            for (var caller : parts[1].equals("signOut") ? callers(owner) : callers) {
                var status = caller.error(document, usesId ? Map.of("id", id) : Map.of())
                        .path("status");
                actual.append(actual.isEmpty() ? "" : " ").append(status.isMissingNode() ? "-" : status.asString());
            }
            assertThat(actual.toString()).as(field).isEqualTo(expected);
        });
    }

    private static Gql[] callers(UUID owner) {
        return new Gql[] {
            new Gql(INSTANCE),
            new Gql(INSTANCE, INSTANCE.token(Role.READER)),
            new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR)),
            new Gql(INSTANCE, INSTANCE.token(owner, Set.of(Scope.ARTICLES_READ))),
            new Gql(INSTANCE, INSTANCE.token(Role.EDITOR)),
            new Gql(INSTANCE, INSTANCE.token(Role.ADMIN))
        };
    }
}
