package dev.freshet.stream;

import java.util.Locale;

/** Why a stream ended. Clients are told all but the first two. */
enum Closing {
    /** The client went away. */
    DISCONNECTED,
    /** It had all that it asked for. */
    COMPLETE,
    /** It fell further behind than the lag limit. */
    LAGGING,
    /** It was open for its maximum lifetime. */
    LIFETIME,
    /** The instance is about to stop. */
    DRAINING,
    /** What it was authorised with has ended. */
    EXPIRED,
    /** What it was authorised with was revoked. */
    REVOKED,
    /** An operator closed it. */
    OPERATOR,
    /** The instance, the address or the principal has as many streams as it may have. */
    TOO_MANY_STREAMS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
