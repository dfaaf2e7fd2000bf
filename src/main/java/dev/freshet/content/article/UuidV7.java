package dev.freshet.content.article;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Creates UUIDs of version 7, which sort by time (RFC 9562, section 5.7). */
public final class UuidV7 {

    private static final SecureRandom RANDOM = new SecureRandom();

    private UuidV7() {}

    public static UUID next(Instant now) {
        var high = (now.toEpochMilli() << 16) | 0x7000 | RANDOM.nextInt(0x1000);
        var low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
