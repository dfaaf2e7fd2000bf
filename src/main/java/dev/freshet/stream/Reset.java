package dev.freshet.stream;

import java.util.Locale;

/** Why a stream can't be shown to be complete. */
enum Reset {
    /** The cursor belongs to another history of the log, or to none. */
    UNKNOWN_HISTORY,
    /** The log no longer reaches back to the cursor. */
    HISTORY_PRUNED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
