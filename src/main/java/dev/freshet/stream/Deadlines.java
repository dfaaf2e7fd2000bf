package dev.freshet.stream;

import dev.freshet.platform.http.ClosingReason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is due by the clock in the life of one stream: heartbeats, the end of its lifetime, the end of its
 * credential and the notice before it. Checked at ticks, about once a second, on the event loop. Times are nanoseconds
 * of the event loop's clock.
 */
final class Deadlines {

    // Stands for a credential that never expires. Longer than any process runs, and fits into nanoseconds.
    private static final Duration NEVER = Duration.ofDays(36_500);

    private final StreamSettings settings;
    private final long lifetimeEndsAt;
    private final long expiresAt;
    private boolean expiryAnnounced;
    // The count of bytes sent at the last tick. Unequal to the count now: something was sent since.
    private long bytesAtTick = -1;
    private long heartbeatAt;

    /** @param expiry when the credential of the stream expires, null for never */
    Deadlines(StreamSettings settings, @Nullable Instant expiry, long now) {
        this.settings = settings;
        this.lifetimeEndsAt = now + settings.lifetimeNanos();
        var left = expiry == null ? NEVER : Duration.between(Instant.now(), expiry);
        this.expiresAt = now + (left.compareTo(NEVER) < 0 ? left : NEVER).toNanos();
    }

    /** Returns the time of expiry if its notice is due now, which happens once; else null. */
    @Nullable
    Instant expiryToAnnounce(long now) {
        if (expiryAnnounced || expiresAt - now > settings.expiryNotice().toNanos()) {
            return null;
        }
        expiryAnnounced = true;
        return Instant.now().plusNanos(expiresAt - now).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Returns the reason to close the stream now, null to keep it open. */
    @Nullable
    ClosingReason closingReason(long now) {
        if (now - expiresAt >= 0) {
            return ClosingReason.EXPIRED;
        }
        return now - lifetimeEndsAt >= 0 ? ClosingReason.LIFETIME : null;
    }

    /**
     * Returns whether a heartbeat is due: the stream has been silent for an interval that varies from beat to beat.
     *
     * @param bytes the count of bytes sent so far
     */
    boolean isHeartbeatDue(long now, long bytes) {
        if (bytes != bytesAtTick) {
            bytesAtTick = bytes;
            heartbeatAt = now + settings.heartbeatNanos();
            return false;
        }
        return now - heartbeatAt >= 0;
    }
}
