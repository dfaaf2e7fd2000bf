package dev.freshet.feed;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.platform.WireName;
import dev.freshet.platform.problem.Problem;
import org.jspecify.annotations.Nullable;

/** The kinds of feeds in the directory. */
public enum FeedKind implements WireName {
    TAG,
    AUTHOR,
    SOURCE;

    /** Parses a name such as {@code tag}; returns null for any other text. */
    public static @Nullable FeedKind of(String name) {
        return WireName.parse(FeedKind.class, name).orElse(null);
    }

    /** Parses the name of a request; throws the problem of any other text. */
    public static FeedKind require(String name) {
        return WireName.parse(FeedKind.class, name)
                .orElseThrow(() -> Problem.INVALID_REQUEST.because("kind must be tag, author or source."));
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
        return wireName();
    }
}
