package dev.freshet.stream;

import dev.freshet.platform.http.ClosingReason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is due by the clock in the life of one stream: heartbeats, the end of its lifetime, and the end of its
 * credential with the notice before it. Checked at ticks, about once a second, on the event loop. Times are nanoseconds
 * of the event loop's clock. The settings are arguments, since an idle stream must take little memory.
 */
final class Deadlines {

    // The expiry of a credential that never expires. Longer than any process runs, and fits into nanoseconds.
    private static final Duration NEVER = Duration.ofDays(36_500);

    private final long lifetimeEndsAt;
    private final @Nullable StreamCredential credential;
    private final long expiresAt;
    private boolean expiryAnnounced;
    // The count of bytes sent at the last tick. Unequal to the count now: something was sent since.
    private long bytesAtTick;
    private long heartbeatAt;

    /** @param credential null for an anonymous reader, whose stream ends with its lifetime */
    Deadlines(StreamSettings settings, @Nullable StreamCredential credential, long now) {
        this.credential = credential;
        this.lifetimeEndsAt = now + settings.lifetimeNanos();
        this.expiresAt = now + untilExpiry(credential).toNanos();
        this.heartbeatAt = now + settings.heartbeatNanos();
    }

    private static Duration untilExpiry(@Nullable StreamCredential credential) {
        var expiry = credential == null ? null : credential.expiresAt();
        var left = expiry == null ? NEVER : Duration.between(Instant.now(), expiry);
        return left.compareTo(NEVER) < 0 ? left : NEVER;
    }

    /** Returns the time of expiry if its notice is due now, which happens once; else null. */
    @Nullable
    Instant expiryToAnnounce(StreamSettings settings, long now) {
        if (expiryAnnounced || expiresAt - now > settings.expiryNotice().toNanos()) {
            return null;
        }
        expiryAnnounced = true;
        return Instant.now().plusNanos(expiresAt - now).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Returns the reason to close the stream now, null to keep it open. */
    @Nullable
    ClosingReason closingReason(long now) {
        if (credential != null && credential.revoked().getAsBoolean()) {
            return ClosingReason.REVOKED;
        }
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
    boolean isHeartbeatDue(StreamSettings settings, long now, long bytes) {
        if (bytes != bytesAtTick) {
            bytesAtTick = bytes;
            heartbeatAt = now + settings.heartbeatNanos();
            return false;
        }
        return now - heartbeatAt >= 0;
    }
}
