package dev.freshet.log.feedlog;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The result of a committed append.
 *
 * @param last the position of the last event; null without events
 * @param changed the ids of the articles that were written
 */
public record AppendResult(@Nullable Cursor last, Set<UUID> changed) {

    public AppendResult {
        changed = Set.copyOf(changed);
    }
}
