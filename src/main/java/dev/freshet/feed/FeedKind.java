package dev.freshet.feed;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of feeds in the directory. */
public enum FeedKind {
    TAG,
    AUTHOR,
    SOURCE;

    /** Parses a name such as {@code tag}; returns null for any other text. */
    public static @Nullable FeedKind of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElse(null);
    }

    public Feed feed(String name) {
        return switch (this) {
            case TAG -> new Feed(name, null, null, null);
            case AUTHOR -> new Feed(null, name, null, null);
            case SOURCE -> new Feed(null, null, name, null);
        };
    }

    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
