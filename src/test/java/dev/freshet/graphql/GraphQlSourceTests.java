package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Sources over GraphQL. */
class GraphQlSourceTests {

    // As the tests of sources have them. Nothing listens at the address.
    private static final Freshet INSTANCE = Freshet.shared(Map.of(
            "freshet.fetch.allow", "127.0.0.0/8",
            "freshet.sources.max-per-account", "4",
            "freshet.sources.failing-after", "2",
            "freshet.sources.request.max-size", "200KB",
            "freshet.sources.request.max-entries", "30"));

    private final Gql owner = new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR));

    @Test
    void sourceLivesFromCreationToDeletion() {
        var created = owner.data("mutation { createSource(input: {url: \"http://127.0.2.1:1/feed\", tags: [\"t\"],"
                        + " interval: \"PT1H\"}) { id name url feed tags author interval state articles } }")
                .path("createSource");
        var id = created.path("id").asString();
        assertThat(created.path("name").asString()).isEqualTo("127.0.2.1");
        assertThat(created.path("state").asString()).isEqualTo("ACTIVE");
        assertThat(created.at("/tags/0").asString()).isEqualTo("t");

        var polls = "query($id: ID!) { sourcePolls(id: $id) { at status created reason seconds }"
                + " source(id: $id) { polls lastError { at message } } }";
        until(() -> !owner.data(polls, Map.of("id", id)).at("/sourcePolls/0").isMissingNode());
        var read = owner.data(polls, Map.of("id", id));
        assertThat(read.at("/sourcePolls/0/status").isNull()).isTrue();
        assertThat(read.at("/sourcePolls/0/reason").asString())
                .isEqualTo(read.at("/source/lastError/message").asString())
                .contains("cannot be fetched");

        assertThat(of("changeSource(id: $id, changes: {state: PAUSED, interval: \"adaptive\"}) { state interval }", id)
                        .toString())
                .isEqualTo("{\"state\":\"PAUSED\",\"interval\":\"adaptive\"}");
        assertThat(owner.data("{ sources(first: 1) { nodes { id nextPollAt } pageInfo { hasNextPage } } }")
                        .at("/sources/nodes/0")
                        .toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"nextPollAt\":null}");
        var stranger = new Gql(INSTANCE, INSTANCE.token(Role.EDITOR));
        assertThat(stranger.error(polls, Map.of("id", id)).path("type").asString())
                .isEqualTo("/problems/source-not-found");
        of("deleteSource(id: $id)", id);
        assertThat(owner.error(polls, Map.of("id", id)).path("status").intValue())
                .isEqualTo(404);
    }

    private JsonNode of(String field, String id) {
        return owner.data("mutation($id: ID!) { " + field + " }", Map.of("id", id))
                .path(field.substring(0, field.indexOf('(')));
    }
}
