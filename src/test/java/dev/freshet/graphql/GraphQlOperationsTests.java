package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Routes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of {@code graphql.md}: the fields of the operations of the JSON API. */
class GraphQlOperationsTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String PREFIX = "/api/v1";
    private static final Pattern LINE = Pattern.compile("(?m)^\\| (`[A-Z]+ /.*) \\| (.*) \\|$");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    @Test
    void everyRouteIsInTheTable() throws IOException {
        var routes = new TreeSet<String>();
        table().keySet()
                .forEach(cell -> QUOTED.matcher(cell)
                        .results()
                        .forEach(result -> routes.add(result.group(1).replaceFirst(" ", " " + PREFIX))));

        assertThat(routes)
                .isEqualTo(Routes.of(INSTANCE).stream()
                        .filter(route -> route.contains(" " + PREFIX))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyRouteHasAFieldOrAReason() throws IOException {
        var known = new TreeSet<String>();
        for (var type : new String[] {"Query", "Mutation", "Subscription"}) {
            new Gql(INSTANCE)
                    .data("query($type: String!) { __type(name: $type) { fields { name } } }", Map.of("type", type))
                    .path("__type")
                    .path("fields")
                    .forEach(field -> known.add(field.path("name").asString()));
        }
        var fields = new TreeSet<String>();
        table().forEach((routes, cell) -> {
            assertThat(cell.startsWith("none: ") || cell.contains("`"))
                    .as(routes)
                    .isTrue();
            QUOTED.matcher(cell).results().forEach(result -> fields.add(result.group(1)));
        });

        assertThat(fields).isEqualTo(known);
    }

    private static Map<String, String> table() throws IOException {
        return LINE.matcher(Files.readString(Path.of("src/docs/graphql.md")))
                .results()
                .collect(Collectors.toMap(line -> line.group(1), line -> line.group(2)));
    }
}
