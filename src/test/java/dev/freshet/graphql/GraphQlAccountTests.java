package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Accounts, passwords, sessions and tokens. */
class GraphQlAccountTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String PASSWORD = "a long secret 42";
    private static final String CREATE = "mutation($input: AccountInput!) { createAccount(input: $input) {"
            + " id name email role createdAt disabledAt } }";
    private static final String CHANGE = "mutation($id: ID!, $changes: AccountChanges!) {"
            + " changeAccount(id: $id, changes: $changes) { name email role disabledAt } }";
    private static final String SIGN_IN = "mutation($name: String!, $password: String!) {"
            + " signIn(name: $name, password: $password) { accessToken tokenType expiresIn refreshToken scope } }";

    private final Gql anonymous = new Gql(INSTANCE);
    private final Gql admin = new Gql(INSTANCE, INSTANCE.token(Role.ADMIN));
    private final String name = "Ann " + UUID.randomUUID();

    @Test
    void adminsAdministerAccounts() {
        var email = UUID.randomUUID() + "@example.org";
        var created = create(Map.of("name", name, "email", email, "role", "AUTHOR"));
        var id = created.path("id").asString();
        assertThat(created.path("role").asString()).isEqualTo("AUTHOR");

        var changed = change(id, "{\"role\": \"EDITOR\", \"disabled\": true}");
        assertThat(changed.path("role").asString()).isEqualTo("EDITOR");
        assertThat(changed.path("email").asString()).isEqualTo(email);
        assertThat(changed.path("disabledAt").asString()).isNotEmpty();
        // An omitted field stays, and null removes the address.
        assertThat(change(id, "{\"email\": null}").path("email").isNull()).isTrue();
        assertThat(change(id, "{\"email\": null}").path("role").asString()).isEqualTo("EDITOR");

        var account = admin.data("query($id: ID!) { account(id: $id) { name } }", Map.of("id", id));
        assertThat(account.path("account").path("name").asString()).isEqualTo(name);
        admin.data("mutation($id: ID!) { closeAccount(id: $id) }", Map.of("id", id));
        var error = admin.error("query($id: ID!) { account(id: $id) { name } }", Map.of("id", id));
        assertThat(error.path("type").asString()).isEqualTo("/problems/account-not-found");
    }

    @Test
    void accountsHavePages() {
        create(Map.of("name", name + " 1", "role", "READER"));
        create(Map.of("name", name + " 2", "role", "READER"));
        var document = "query($after: String) { accounts(first: 1, after: $after) {"
                + " edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage } } }";

        var page = admin.data(document, Map.of("after", name)).path("accounts");
        var cursor = page.path("edges").path(0).path("cursor").asString();
        var next = admin.data(document, Map.of("after", cursor)).path("accounts");

        assertThat(page.at("/edges/0/node/name").asString()).isEqualTo(name + " 1");
        assertThat(page.at("/pageInfo/hasNextPage").booleanValue()).isTrue();
        assertThat(next.at("/edges/0/node/name").asString()).isEqualTo(name + " 2");
        assertThat(admin.error("{ accounts(first: 101) { nodes { name } } }", Map.of())
                        .path("detail")
                        .asString())
                .isEqualTo("first must be from 1 to 100.");
    }

    @Test
    void secretOfATokenIsReturnedOnce() {
        var owner = new Gql(INSTANCE, INSTANCE.token(Role.READER));
        var created = owner.data("mutation { createToken(input: {name: \"reader\", scopes: [\"articles:read\"],"
                        + " expiresAt: \"2999-01-31T12:00:00Z\"}) { id token name scopes expiresAt } }")
                .path("createToken");
        var program = new Gql(INSTANCE, created.path("token").asString());
        assertThat(program.data("{ me { scopes } }").at("/me/scopes/0").asString())
                .isEqualTo("articles:read");

        var listed = owner.data("{ tokens { id token name } }").path("tokens");
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0).path("id")).isEqualTo(created.path("id"));
        assertThat(listed.path(0).path("token").isNull()).isTrue();

        owner.data(
                "mutation($id: ID!) { revokeToken(id: $id) }",
                Map.of("id", created.path("id").asString()));
        assertThat(owner.data("{ tokens { id } }").path("tokens")).isEmpty();
    }

    @Test
    void faultsOfATokenNameTheirFields() {
        var owner = new Gql(INSTANCE, INSTANCE.token(Role.READER));
        var late = owner.error(
                "mutation { createToken(input: {name: \"\", scopes: [\"ops\"], expiresAt: \"tomorrow\"}) { id } }",
                Map.of());
        var invalid = owner.error("mutation { createToken(input: {name: \"\", scopes: [\"ops\"]}) { id } }", Map.of());

        assertThat(late.at("/errors/0/field").asString()).isEqualTo("expiresAt");
        assertThat(invalid.path("errors")).hasSize(2);
    }

    @Test
    void sessionBeginsAndEnds() {
        create(Map.of("name", name, "role", "READER", "password", PASSWORD));
        var first = signIn();
        var second = signIn();
        assertThat(second.path("tokenType").asString()).isEqualTo("Bearer");
        var reader = new Gql(INSTANCE, second.path("accessToken").asString());

        var sessions =
                reader.data("{ sessions { id current agent createdAt } }").path("sessions");
        assertThat(sessions)
                .extracting(session -> session.path("current").booleanValue())
                .containsExactly(true, false);
        reader.data("mutation { endOtherSessions }");
        assertThat(reader.data("{ sessions { id } }").path("sessions")).hasSize(1);
        var refresh = "mutation($token: String!) { refreshSession(refreshToken: $token) { accessToken } }";
        assertThat(anonymous
                        .error(
                                refresh,
                                Map.of("token", first.path("refreshToken").asString()))
                        .path("status")
                        .intValue())
                .isEqualTo(401);

        var renewed = anonymous.data(
                refresh, Map.of("token", second.path("refreshToken").asString()));
        new Gql(INSTANCE, renewed.at("/refreshSession/accessToken").asString()).data("mutation { signOut }");
        until(() -> reader.post("{ me { scopes } }", Map.of()).code() == 401);
    }

    @Test
    void passwordChangesWithTheCurrentOne() {
        create(Map.of("name", name, "role", "READER", "password", PASSWORD));
        var reader = new Gql(INSTANCE, signIn().path("accessToken").asString());
        var change = "mutation($current: String!, $password: String!) {"
                + " changePassword(current: $current, password: $password) }";

        var refused = reader.error(change, Map.of("current", "wrong", "password", PASSWORD + " 2"));
        assertThat(refused.at("/errors/0/field").asString()).isEqualTo("current");
        reader.data(change, Map.of("current", PASSWORD, "password", PASSWORD + " 2"));

        assertThat(anonymous
                        .error(SIGN_IN, Map.of("name", name, "password", PASSWORD))
                        .path("status")
                        .intValue())
                .isEqualTo(401);
    }

    /** The limit of the JSON API, which both share. */
    @Test
    void passwordAttemptsAreLimited() {
        for (var i = 0; i < 5; i++) {
            assertThat(anonymous
                            .error(SIGN_IN, Map.of("name", name, "password", "wrong"))
                            .path("status")
                            .intValue())
                    .isEqualTo(401);
        }
        assertThat(anonymous
                        .error(SIGN_IN, Map.of("name", name, "password", "wrong"))
                        .path("type")
                        .asString())
                .isEqualTo("/problems/too-many-requests");
    }

    private JsonNode create(Map<String, ?> input) {
        return admin.data(CREATE, Map.of("input", input)).path("createAccount");
    }

    private JsonNode change(String id, String changes) {
        var variables = "{\"id\": \"" + id + "\", \"changes\": " + changes + "}";
        var reply = admin.send("{\"query\": \"" + CHANGE + "\", \"variables\": " + variables + "}");
        assertThat(reply.json().has("errors")).as(reply.body()).isFalse();
        return reply.json().path("data").path("changeAccount");
    }

    private JsonNode signIn() {
        return anonymous
                .data(SIGN_IN, Map.of("name", name, "password", PASSWORD))
                .path("signIn");
    }
}
