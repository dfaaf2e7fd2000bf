package dev.freshet.load.chaos;

import dev.freshet.load.chaos.LogRow.Facets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter as readers request it, with its meaning implemented from the documentation rather than from the server. */
sealed interface Feed {

    Feed ALL = new All();

    /** Returns one of several feeds, so that numbers in a row give all kinds. */
    static Feed of(int index) {
        return switch (index % 4) {
            case 0, 1 -> ALL;
            case 2 -> new ByTag("t" + index / 4 % Publisher.TAGS);
            default -> new ByAuthor("a" + index / 4 % Publisher.AUTHORS);
        };
    }

    /** Returns the filter as a query, beginning with {@code &} unless it is empty. */
    String query();

    /** Returns the filter as a subscription names it: lists of values by their fields. */
    Map<String, List<String>> filter();

    boolean matches(Facets facets);

    record All() implements Feed {
        @Override
        public String query() {
            return "";
        }

        @Override
        public Map<String, List<String>> filter() {
            return Map.of();
        }

        @Override
        public boolean matches(Facets facets) {
            return true;
        }
    }

    record ByTag(String tag) implements Feed {
        @Override
        public String query() {
            return "&tag=" + tag;
        }

        @Override
        public Map<String, List<String>> filter() {
            return Map.of("tag", List.of(tag));
        }

        @Override
        public boolean matches(Facets facets) {
            return facets.tags().contains(tag);
        }
    }

    record ByAuthor(String author) implements Feed {
        @Override
        public String query() {
            return "&author=" + author;
        }

        @Override
        public Map<String, List<String>> filter() {
            return Map.of("author", List.of(author));
        }

        @Override
        public boolean matches(Facets facets) {
            return facets.author().equals(author);
        }
    }

    /** Returns the type under which a reader receives an event; null where the event is not part of this feed. */
    default @Nullable String typeOf(LogRow event) {
        if (!event.type().equals(LogRow.WITHDRAWN) && matches(event.now())) {
            return event.type();
        }
        var before = event.before();
        return before != null && matches(before) ? LogRow.WITHDRAWN : null;
    }
}
