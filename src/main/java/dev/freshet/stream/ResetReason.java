package dev.freshet.stream;

import dev.freshet.platform.WireName;

/** Reasons for a reset: the stream is not provably complete. */
public enum ResetReason implements WireName {
    /** The cursor belongs to another history of the log, or to none. */
    UNKNOWN_HISTORY,
    /** The log no longer reaches back to the cursor. */
    HISTORY_PRUNED;

    @Override
    public String toString() {
        return wireName();
    }
}
