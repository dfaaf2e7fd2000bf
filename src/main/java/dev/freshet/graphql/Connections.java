package dev.freshet.graphql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Lists in the form of the Relay Cursor Connections Specification. */
final class Connections {

    private Connections() {}

    /**
     * Returns a connection.
     *
     * @param nodes the fields of each element
     * @param cursors the cursor of each element, in the same order
     */
    static Map<String, @Nullable Object> of(
            List<? extends Map<String, ? extends @Nullable Object>> nodes,
            List<String> cursors,
            boolean hasPrevious,
            boolean hasNext) {
        var edges = IntStream.range(0, nodes.size())
                .mapToObj(i -> Map.of("cursor", cursors.get(i), "node", nodes.get(i)))
                .toList();
        var pageInfo = new HashMap<String, @Nullable Object>();
        pageInfo.put("hasNextPage", hasNext);
        pageInfo.put("hasPreviousPage", hasPrevious);
        pageInfo.put("startCursor", cursors.isEmpty() ? null : cursors.getFirst());
        pageInfo.put("endCursor", cursors.isEmpty() ? null : cursors.getLast());
        var connection = new HashMap<String, @Nullable Object>();
        connection.put("edges", edges);
        connection.put("nodes", nodes);
        connection.put("pageInfo", pageInfo);
        return connection;
    }
}
