package dev.freshet.feed;

import java.time.Instant;
import java.util.UUID;

/** A name in a list of an account. */
public sealed interface ListedName permits Follow, Mute {

    UUID account();

    /** Returns the wire name of a {@link FeedKind}. */
    String kind();

    /** Returns the tag, author or source, which need not have an article yet. */
    String name();

    /** Returns the time from which it is in the list. */
    Instant since();
}
