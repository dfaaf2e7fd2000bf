package dev.freshet.load.chaos;

import dev.freshet.load.chaos.Logged.Facets;
import org.jspecify.annotations.Nullable;

/** A filter as readers ask for it, and what it means, told again from the documentation and not from the server. */
sealed interface Feed {

    Feed ALL = new All();

    /** The filter as a query, beginning with {@code &} unless it is empty. */
    String query();

    boolean matches(Facets facets);

    record All() implements Feed {
        @Override
        public String query() {
            return "";
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
        public boolean matches(Facets facets) {
            return facets.author().equals(author);
        }
    }

    /** The type under which a reader hears of an event, or null where it is none of this feed. */
    default @Nullable String typeOf(Logged event) {
        if (!event.type().equals(Logged.WITHDRAWN) && matches(event.now())) {
            return event.type();
        }
        var before = event.before();
        return before != null && matches(before) ? Logged.WITHDRAWN : null;
    }
}
