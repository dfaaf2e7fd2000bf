package dev.freshet.graphql;

import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists in the form of the Relay Cursor Connections Specification. */
final class Connections {

    private Connections() {}

    /** The edges of a connection, made when they are read, since most documents select the nodes alone. */
    private static final class Edges extends AbstractList<Map<String, Object>> {

        private final List<? extends Map<String, ? extends @Nullable Object>> nodes;
        private final List<?> cursors;

        Edges(List<? extends Map<String, ? extends @Nullable Object>> nodes, List<?> cursors) {
            this.nodes = nodes;
            this.cursors = cursors;
        }

        @Override
        public Map<String, Object> get(int index) {
            return Map.of("cursor", cursors.get(index).toString(), "node", nodes.get(index));
        }

        @Override
        public int size() {
            return nodes.size();
        }
    }

    /**
     * Returns a connection.
     *
     * @param nodes the fields of each element
     * @param cursors the cursor of each element, in the same order; its text is its value
     */
    static Map<String, @Nullable Object> of(
            List<? extends Map<String, ? extends @Nullable Object>> nodes,
            List<?> cursors,
            boolean hasPrevious,
            boolean hasNext) {
        var pageInfo = new HashMap<String, @Nullable Object>();
        pageInfo.put("hasNextPage", hasNext);
        pageInfo.put("hasPreviousPage", hasPrevious);
        pageInfo.put(
                "startCursor", cursors.isEmpty() ? null : cursors.getFirst().toString());
        pageInfo.put("endCursor", cursors.isEmpty() ? null : cursors.getLast().toString());
        var connection = new HashMap<String, @Nullable Object>();
        connection.put("edges", new Edges(nodes, cursors));
        connection.put("nodes", nodes);
        connection.put("pageInfo", pageInfo);
        return connection;
    }
}
