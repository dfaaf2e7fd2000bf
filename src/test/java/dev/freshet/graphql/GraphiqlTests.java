package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page {@code /graphiql}. */
class GraphiqlTests {

    @Test
    void pageLoadsOnlyFilesOfThisServer() {
        var instance = Freshet.shared(Map.of("freshet.graphql.graphiql", "true"));
        var page = instance.get("/graphiql");

        var files = Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                .matcher(page.body())
                .results()
                .toList();

        assertThat(files).hasSize(6).allSatisfy(file -> {
            assertThat(file.group(1)).startsWith("/graphiql/");
            assertThat(instance.get(file.group(1)).code()).as(file.group(1)).isEqualTo(200);
        });
        assertThat(page.headers().getFirst("Content-Security-Policy")).contains("script-src 'self'");
        assertThat(instance.get("/graphiql/other.js").code()).isEqualTo(404);
    }

    @Test
    void pageIsAbsentByDefault() {
        assertThat(Freshet.shared(Map.of()).get("/graphiql").code()).isEqualTo(404);
    }
}
