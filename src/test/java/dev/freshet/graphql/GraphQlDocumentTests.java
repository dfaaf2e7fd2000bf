package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The requests of {@code graphql.md}. */
class GraphQlDocumentTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final Pattern BODY =
            Pattern.compile("(?s)-d (?:'(\\{.*?})'|@- <<'END'\n(.*?)\nEND)|--data-urlencode 'query=(.*?)'");

    @Test
    void documentedRequestsHaveNoErrors() throws IOException {
        var caller = new Gql(INSTANCE, INSTANCE.token(Role.ADMIN));
        var bodies = BODY.matcher(Files.readString(Path.of("src/docs/graphql.md")))
                .results()
                .map(found -> Optional.ofNullable(found.group(1))
                        .or(() -> Optional.ofNullable(found.group(2)))
                        .orElseGet(() -> JsonMapper.shared().writeValueAsString(Map.of("query", found.group(3)))))
                // Others show that they stream.
                .filter(body -> !body.contains("subscription {"))
                .toList();

        assertThat(bodies).hasSizeGreaterThan(4).allSatisfy(body -> {
            var reply = caller.send(body);
            assertThat(reply.code()).as(reply.body()).isEqualTo(200);
            assertThat(reply.json().has("errors")).as(reply.body()).isFalse();
        });
    }
}
